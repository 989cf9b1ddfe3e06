#!/usr/bin/env node
// The program is TypeScript and runs as it stands: tsx strips the types, so that a user's own .ts modules load the same way.
import { register } from 'tsx/esm/api';

register();
await import('./cli.ts');
