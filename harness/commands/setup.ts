import type { CommandModule } from 'yargs';

interface SetupOptions {
  device: 'auto' | 'cpu' | 'gpu';
}

/** `clara-bench setup`: makes the native TensorFlow ready. */
export const setupCommand: CommandModule<object, SetupOptions> = {
  command: 'setup',
  describe: 'Make the native TensorFlow engine ready (nothing to do the second time)',
  builder: (yargs) =>
    yargs
      .option('device', {
        choices: ['auto', 'cpu', 'gpu'] as const,
        default: 'auto' as const,
        describe: 'What to compute on; auto is the GPU where there is an NVIDIA driver',
      })
      .example('$0 setup', 'fetch TensorFlow (274 MB) and build its add-on, in about a minute')
      .example('$0 setup --device gpu', 'with the CUDA libraries (3.4 GB)')
      .example('CLARA_BENCH_HOME=/data/cache $0 setup', 'keep what is downloaded in another folder'),
  handler: async ({ device }) => {
    const { setUpEngine } = await import('../engine/setup/set-up-engine.ts');
    const engine = await setUpEngine(device, { note: (text) => process.stderr.write(`setup: ${text}\n`) });
    const how = {
      kept: 'ready, nothing to do',
      built: 'built and ready',
      prebuilt: "ready, from the tfjs package's own download",
    }[engine.how];
    process.stdout.write(`engine for ${engine.device}: ${how} (${engine.addon})\n`);
  },
};
