import { existsSync } from 'node:fs';

/** Whether the machine has an NVIDIA driver: without one a GPU build would only run on the processor. */
export function hasNvidiaDriver(): boolean {
  return (
    existsSync('/proc/driver/nvidia/version') ||
    existsSync('/dev/nvidiactl') ||
    existsSync('/usr/lib/wsl/lib/nvidia-smi')
  );
}
