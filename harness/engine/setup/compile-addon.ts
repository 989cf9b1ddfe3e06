import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { MachineError } from '../../errors.ts';
import { runProgram } from '../../run-program.ts';
import { ADDON, NAPI_VERSION } from './engine-folder.ts';
import type { Compiler } from './find-compiler.ts';

/** TensorFlow's libraries, by their path in the wheel and in an engine folder. */
export const LIBRARIES = ['tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2'] as const;

/** The wheel's headers that the add-on's sources include, directly or not. */
export const HEADERS = [
  ...['c_api', 'c_api_macros', 'tf_attrtype', 'tf_buffer', 'tf_datatype', 'tf_status', 'tf_tensor', 'tf_tstring'].map(
    (name) => `tensorflow/include/tensorflow/c/${name}.h`,
  ),
  'tensorflow/include/tensorflow/c/eager/c_api.h',
  'tensorflow/include/tensorflow/core/platform/ctstring.h',
  'tensorflow/include/tensorflow/core/platform/ctstring_internal.h',
  'tensorflow/include/tsl/platform/ctstring.h',
  'tensorflow/include/tsl/platform/ctstring_internal.h',
  'tensorflow/include/xla/tsl/c/tsl_status.h',
];

/** Keeps TensorFlow's start-up lines off stderr; kept beside TensorFlow's libraries. */
export const QUIET_LOG = 'tensorflow/libquiet_log.so';

/**
 * Compiles the add-on of the tfjs package over the TensorFlow unpacked in `folder`, into `folder`. It finds its libraries relative to itself, so that the folder can be moved.
 *
 * @throws MachineError with the compiler's first errors.
 */
export async function compileAddon(folder: string, packageFolder: string, compiler: Compiler): Promise<void> {
  const require = createRequire(import.meta.url);
  const headers = path.join(path.dirname(require.resolve('node-api-headers/package.json')), 'include');
  const binding = path.join(packageFolder, 'binding');
  const quietLog = fileURLToPath(new URL('./quiet-log.cc', import.meta.url));
  const common = ['-O2', '-std=c++17', '-shared', '-fPIC', '-w'];
  await compile(compiler, [...common, quietLog, '-o', path.join(folder, QUIET_LOG), '-Wl,-soname,libquiet_log.so']);
  await compile(compiler, [
    ...common,
    `-DNAPI_VERSION=${NAPI_VERSION}`,
    ...[headers, path.join(folder, 'tensorflow', 'include'), binding].map((include) => `-I${include}`),
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((source) => path.join(binding, source)),
    ...['-o', path.join(folder, ADDON)],
    // The last library named is the first to be initialised; nothing in it is called, so that it would be left out otherwise.
    ...['-Wl,--no-as-needed', ...LIBRARIES.map((library) => path.join(folder, library)), path.join(folder, QUIET_LOG)],
    '-Wl,-rpath,$ORIGIN/tensorflow',
  ]);
}

async function compile(compiler: Compiler, args: readonly string[]): Promise<void> {
  const result = await runProgram(compiler.command, args);
  if (result.code === 0) return;
  const errors = result.stderr.split('\n').filter((line) => /error|undefined reference|cannot find/i.test(line));
  throw new MachineError([
    `${compiler.command} (${compiler.version}) could not compile the TensorFlow add-on`,
    ...(errors.length > 0 ? errors : result.stderr.split('\n'))
      .slice(0, 6)
      .map((line) => `${compiler.command}: ${line.trim()}`),
  ]);
}
