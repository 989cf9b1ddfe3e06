import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';

/** A file of a test's wheel. `recorded` is what RECORD is told instead of the true content: a file that was changed later. */
export interface WheelFile {
  readonly name: string;
  readonly content: string;
  readonly recorded?: string;
  readonly executable?: boolean;
  /** Left out of RECORD. */
  readonly unlisted?: boolean;
}

/** Writes a small wheel (a zip with METADATA, WHEEL and RECORD) as `folder/file`; gives its path, SHA-256 and size. */
export async function writeWheel(
  folder: string,
  file: string,
  files: readonly WheelFile[],
): Promise<{ path: string; file: string; sha256: string; bytes: number }> {
  const [name, version] = file.split('-') as [string, string];
  const [, , python, abi, platform] = file.replace(/\.whl$/, '').split('-');
  const info = `${name}-${version}.dist-info`;
  const all: WheelFile[] = [
    ...files,
    {
      name: `${info}/METADATA`,
      content: `Metadata-Version: 2.1\nName: ${name.replaceAll('_', '-')}\nVersion: ${version}\n`,
    },
    {
      name: `${info}/WHEEL`,
      content: `Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: false\nTag: ${python}-${abi}-${platform}\n`,
    },
  ];
  const record = all.filter(({ unlisted }) => !unlisted).map(recordLine);
  const zip = makeZip([...all, { name: `${info}/RECORD`, content: [...record, `${info}/RECORD,,`, ''].join('\n') }]);
  await writeFile(path.join(folder, file), zip);
  const sha256 = createHash('sha256').update(zip).digest('hex');
  return { path: path.join(folder, file), file, sha256, bytes: zip.length };
}

function recordLine({ name, content, recorded = content }: WheelFile): string {
  const digest = createHash('sha256').update(recorded).digest('base64url');
  return `${name.includes(',') ? `"${name}"` : name},sha256=${digest},${Buffer.byteLength(recorded)}`;
}

/** The bytes of a zip of deflated files. */
export function makeZip(files: readonly WheelFile[]): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, content, executable } of files) {
    const raw = Buffer.from(content);
    const packed = deflateRawSync(raw);
    const title = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0); // version needed
    common.writeUInt16LE(0x800, 2); // UTF-8 names
    common.writeUInt16LE(8, 4); // deflate
    common.writeUInt32LE(crc32(raw), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(raw.length, 18);
    common.writeUInt16LE(title.length, 22);
    const header = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, title, packed]);
    const entry = Buffer.alloc(14);
    entry.writeUInt32LE(((0o100000 | (executable ? 0o755 : 0o644)) << 16) >>> 0, 6);
    entry.writeUInt32LE(offset, 10);
    // Made by Unix, so that the mode counts.
    central.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x03', 'latin1'), common, entry, title]));
    local.push(header);
    offset += header.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, directory, end]);
}
