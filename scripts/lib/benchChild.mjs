/** Runs one bundled bench (its file is the first argument) and sends its result to the process that forked this one. */
import { pathToFileURL } from 'node:url';

const [file] = process.argv.slice(2);
const { name, budget, run } = await import(pathToFileURL(file).href);
const { rows } = await run();
process.send({ name, budget, rows }, () => process.disconnect());
