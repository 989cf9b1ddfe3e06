import { access } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { InputError } from '../errors.ts';
import type { Measurement } from './measurement.ts';
import { output } from './output.ts';

const range = z.array(z.number()).length(2);
const measured = z.looseObject({ cpu: z.array(z.number()) });
const tokens = measured.extend({ tokens_per_s: range });
const decode = measured.extend({ decode_tokens_per_s: range });

/** What peer_smollm2.py prints, as far as it is read. */
const languageModelOutput = z.object({
  peak_rss_gb: z.number(),
  prefill: z.object({ last_logits_only: tokens }).optional(),
  decode: z.object({ batch1: decode.optional(), batch16: decode.optional() }).optional(),
  lora_step: z.object({ loss_last_positions: tokens }).optional(),
});

const seconds = z.object({ all: z.array(z.number()), cpu_median: z.number(), median: z.number() });

/** What peer_clara.py prints, as far as it is read. */
const claraOutput = z.object({
  max_rss_mb: z.number(),
  without_vocab_projection_in_encoder: z.object({ compress_8x128_s: seconds, train_step_s: seconds }),
});

/** A row of the peer: its script, what makes it do that work, and where its output has the figures. */
interface PeerRow {
  readonly script: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly args?: (repetitions: number) => string[];
  /** @returns undefined where the output has another form */
  readonly read: (output: unknown) => Measurement | undefined;
}

const languageModel = (
  environment: Readonly<Record<string, string>>,
  figures: (output: z.infer<typeof languageModelOutput>) => { values: number[]; cpu: number[] } | undefined,
): PeerRow => ({
  script: 'peer_smollm2.py',
  environment,
  read: (output) => {
    const parsed = languageModelOutput.safeParse(output);
    const found = parsed.success ? figures(parsed.data) : undefined;
    if (!found) return undefined;
    const cpu = found.cpu.reduce((a, b) => a + b, 0) / found.cpu.length;
    return { values: found.values, cpu, peakMemory: parsed.data!.peak_rss_gb * 2 ** 30 };
  },
});

const speed = (row: z.infer<typeof tokens> | undefined) => row && { values: row.tokens_per_s, cpu: row.cpu };
const decoding = (row: z.infer<typeof decode> | undefined) => row && { values: row.decode_tokens_per_s, cpu: row.cpu };

const clara = (units: number, work: 'compress_8x128_s' | 'train_step_s'): PeerRow => ({
  script: 'peer_clara.py',
  args: (repetitions) => ['--skip-waste', '--steps', String(repetitions)],
  read: (output) => {
    const parsed = claraOutput.safeParse(output);
    if (!parsed.success) return undefined;
    const { all, cpu_median, median } = parsed.data.without_vocab_projection_in_encoder[work];
    // The memory is that of the whole script, whose largest part is the training step.
    return { values: all.map((wall) => units / wall), cpu: cpu_median / median, peakMemory: parsed.data.max_rss_mb * 2 ** 20 }; // prettier-ignore
  },
});

/** Rows that the peer has too, by name. */
export const PEER_ROWS: Readonly<Record<string, PeerRow>> = {
  prefill: languageModel({ PARTS: 'prefill' }, (o) => speed(o.prefill?.last_logits_only)),
  'decode-16': languageModel({ PARTS: 'decode', DECODE_BATCHES: '16' }, (o) => decoding(o.decode?.batch16)),
  'decode-1': languageModel({ PARTS: 'decode', DECODE_BATCHES: '1' }, (o) => decoding(o.decode?.batch1)),
  'lora-step': languageModel({ PARTS: 'train' }, (o) => speed(o.lora_step?.loss_last_positions)),
  'clara-compress': clara(8, 'compress_8x128_s'),
  'clara-step': clara(2, 'train_step_s'),
};

/** Runs the peer's script for one row. @throws InputError where it fails or prints something else */
export async function measurePeer(
  row: PeerRow,
  python: string,
  scripts: string,
  gguf: string,
  repetitions: number,
): Promise<Measurement> {
  const script = path.join(scripts, row.script);
  await access(script).catch(() => Promise.reject(new InputError(`--peers: expected the peer's script ${script}, found none`))); // prettier-ignore
  const environment = { ...row.environment, REPS: String(repetitions), SMOLLM2_GGUF: gguf };
  const printed = await output(python, [script, ...(row.args?.(repetitions) ?? [])], environment);
  const last = printed.trim().split('\n').pop() ?? '';
  const measurement = row.read(JSON.parse(last.startsWith('{') ? last : 'null'));
  if (!measurement) throw new InputError(`${script}: expected one JSON line with the figures of its work, got ${printed.slice(0, 200)}`); // prettier-ignore
  return measurement;
}
