import { readYaml } from '../../harness/files/read-yaml.ts';
import { type Claim, claimsSchema } from './claims-schema.ts';

/** The claims of a file (YAML). @throws InputError with all problems at once, each with line and column. */
export async function loadClaims(file: string): Promise<readonly Claim[]> {
  return (await readYaml(file, claimsSchema, 'claims')).claims;
}
