import { InputError, MachineError } from '../errors.ts';

const REASONS: Readonly<Record<string, string>> = {
  EISDIR: 'expected a file, got a folder',
  EEXIST: 'expected a folder, got a file',
  ENOTDIR: 'a file stands where a folder is needed',
  ENOENT: 'there is no such folder, and it cannot be made',
  EACCES: 'not allowed to write there',
  EPERM: 'not allowed to write there',
  EROFS: 'the file system is read-only',
  ENAMETOOLONG: 'the name is too long',
};

/** What the system's error of writing to a place that the user chose means: InputError for a wrong place, MachineError for a full disk, else the error itself. */
export function cannotWrite(error: unknown, place: string): unknown {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new MachineError(`${place}: cannot be written: no room is left on the disk; make room and run again`, {
      cause: error,
    });
  }
  return code in REASONS ? new InputError(`${place}: cannot be written: ${REASONS[code]}`, { cause: error }) : error;
}
