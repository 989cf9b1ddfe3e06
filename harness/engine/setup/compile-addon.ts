import { createRequire } from 'node:module';
import path from 'node:path';
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

/**
 * Compiles the add-on of the tfjs package over the TensorFlow unpacked in `folder`, into `folder`. It finds its libraries relative to itself, so that the folder can be moved.
 *
 * @throws MachineError with the compiler's first errors.
 */
export async function compileAddon(folder: string, packageFolder: string, compiler: Compiler): Promise<void> {
  const headers = path.join(
    path.dirname(createRequire(import.meta.url).resolve('node-api-headers/package.json')),
    'include',
  );
  const binding = path.join(packageFolder, 'binding');
  const args = [
    ...['-O2', '-std=c++17', '-shared', '-fPIC', '-w', `-DNAPI_VERSION=${NAPI_VERSION}`],
    ...[headers, path.join(folder, 'tensorflow', 'include'), binding].map((include) => `-I${include}`),
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((source) => path.join(binding, source)),
    ...['-o', path.join(folder, ADDON)],
    ...LIBRARIES.map((library) => path.join(folder, library)),
    '-Wl,-rpath,$ORIGIN/tensorflow',
  ];
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
