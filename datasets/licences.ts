const CLARA = 'MIT';
const NQ = 'CC BY-SA 3.0';

/** The publishers' licences of their data, by format or benchmark id. */
const LICENCES: Readonly<Record<string, string>> = {
  hotpotqa: 'CC BY-SA 4.0',
  musique: 'CC BY 4.0',
  '2wikimultihopqa': 'Apache-2.0',
  squad: 'CC BY-SA 4.0',
  nq: NQ,
  'nq-open': NQ,
  'clara-pretraining': CLARA,
  'clara-instruction': CLARA,
  'clara-end-to-end': CLARA,
  sample: 'Apache-2.0',
  atlas: 'Apache-2.0',
};

/** The publisher's licence of the data in a format, or of a benchmark that has a publisher's name; null where neither tells. */
export function publisherLicence(format: string, benchmark: string): string | null {
  return LICENCES[format] ?? LICENCES[benchmark] ?? null;
}
