#!/usr/bin/env node
// The program is TypeScript and runs as it stands: tsx strips the types, so that a user's own .ts modules load the same way.
// Both loaders: a user's module in a folder without "type": "module" is CommonJS to Node.
// yargs and zod come before tsx, which would look at each of their many files: that would take longer than all the rest of a start.
import 'yargs';
import 'zod';
import { register as registerCommonJs } from 'tsx/cjs/api';
import { register } from 'tsx/esm/api';

registerCommonJs();
register();
await import('./cli.ts');
