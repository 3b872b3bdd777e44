/** Writes the policy that ships into the sources: `npm run policy`. */
import { writeFileSync } from 'node:fs';
import { graphModule } from './basicSaliency';

writeFileSync('src/inference/process/policies/basicGraph.ts', graphModule());
