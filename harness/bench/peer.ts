import { z } from 'zod';
import { InputError } from '../errors.ts';
import type { Measurement } from './measurement.ts';
import { output } from './output.ts';

const range = z.array(z.number()).length(2);
const measured = z.looseObject({ cpu: z.array(z.number()) });
const tokens = measured.extend({ tokens_per_s: range });
const decode = measured.extend({ decode_tokens_per_s: range });

/** What peer_smollm2.py prints, as far as it is read. */
const peerOutput = z.object({
  peak_rss_gb: z.number(),
  prefill: z.object({ last_logits_only: tokens }).optional(),
  decode: z.object({ batch1: decode.optional(), batch16: decode.optional() }).optional(),
  lora_step: z.object({ loss_last_positions: tokens }).optional(),
});

type PeerOutput = z.infer<typeof peerOutput>;

/** A row of the peer: the environment that makes its script do that work alone, and where its output has the figures. */
interface PeerRow {
  readonly environment: Readonly<Record<string, string>>;
  readonly read: (output: PeerOutput) => { values: number[]; cpu: number[] } | undefined;
}

const speed = (row: z.infer<typeof tokens> | undefined): ReturnType<PeerRow['read']> =>
  row && { values: row.tokens_per_s, cpu: row.cpu };
const decoding = (row: z.infer<typeof decode> | undefined): ReturnType<PeerRow['read']> =>
  row && { values: row.decode_tokens_per_s, cpu: row.cpu };

/** Rows that the peer has too, by name. */
export const PEER_ROWS: Readonly<Record<string, PeerRow>> = {
  prefill: { environment: { PARTS: 'prefill' }, read: (o) => speed(o.prefill?.last_logits_only) },
  'decode-16': { environment: { PARTS: 'decode', DECODE_BATCHES: '16' }, read: (o) => decoding(o.decode?.batch16) },
  'decode-1': { environment: { PARTS: 'decode', DECODE_BATCHES: '1' }, read: (o) => decoding(o.decode?.batch1) },
  'lora-step': { environment: { PARTS: 'train' }, read: (o) => speed(o.lora_step?.loss_last_positions) },
};

/** Runs the peer's script for one row. @throws InputError where it fails or prints something else */
export async function measurePeer(
  row: PeerRow,
  python: string,
  script: string,
  gguf: string,
  repetitions: number,
): Promise<Measurement> {
  const printed = await output(python, [script], { ...row.environment, REPS: String(repetitions), SMOLLM2_GGUF: gguf });
  const parsed = peerOutput.safeParse(JSON.parse(printed.trim().split('\n').pop() ?? ''));
  const figures = parsed.success && row.read(parsed.data);
  if (!figures) throw new InputError(`${script}: expected one JSON line with the figures of ${JSON.stringify(row.environment)}, got ${printed.slice(0, 200)}`); // prettier-ignore
  const cpu = figures.cpu.reduce((a, b) => a + b, 0) / figures.cpu.length;
  return { values: figures.values, cpu, peakMemory: parsed.data.peak_rss_gb * 2 ** 30 };
}
