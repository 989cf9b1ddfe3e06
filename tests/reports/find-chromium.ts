import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** A Chromium: the one that CHROMIUM names, Playwright's own, or one on the PATH; undefined where there is none. */
export function findChromium(): string | undefined {
  const { CHROMIUM, PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH, PATH = '' } = process.env;
  const onPath = PATH.split(path.delimiter).flatMap((folder) => NAMES.map((name) => path.join(folder, name)));
  return [CHROMIUM, PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH, chromium.executablePath(), ...onPath].find(isProgram);
}

function isProgram(file: string | undefined): boolean {
  if (!file) return false;
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
