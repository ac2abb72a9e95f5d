// Builds the bundles of the pages into static/dist with hashed names, a manifest and size ceilings.
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import * as esbuild from 'esbuild';

const here = import.meta.dirname;
const out = path.join(here, '..', 'static', 'dist');
const fresh = `${out}.new`;
const ceilings = JSON.parse(fs.readFileSync(path.join(here, 'budgets.json'), 'utf8'));

fs.rmSync(fresh, { recursive: true, force: true });
const { metafile } = await esbuild.build({
  absWorkingDir: here,
  entryPoints: Object.keys(ceilings).map((name) => `src/${name}.js`),
  bundle: true,
  splitting: true,
  format: 'esm',
  minify: true,
  target: ['es2022'],
  metafile: true,
  outdir: fresh,
  entryNames: '[name]-[hash]',
  chunkNames: 'chunk-[hash]',
  assetNames: 'asset-[hash]',
  loader: Object.fromEntries(['.woff', '.woff2', '.ttf', '.eot', '.svg'].map((ending) => [ending, 'file'])),
  define: { 'process.env.NODE_ENV': '"production"' },
  legalComments: 'linked',
  logLevel: 'warning',
});

const place = (file) => path.resolve(here, file);
const manifest = {};
for (const [file, { entryPoint, cssBundle }] of Object.entries(metafile.outputs)) {
  if (!entryPoint) continue;
  const files = { js: path.basename(file) };
  if (cssBundle) files.css = path.basename(cssBundle);
  manifest[path.basename(entryPoint, '.js')] = files;
}
fs.writeFileSync(path.join(fresh, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`);

/** The file and all it imports at once; what loads later does not count. */
function closure(file, seen = new Set()) {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const { kind, path: next } of metafile.outputs[file].imports) if (kind === 'import-statement') closure(next, seen);
  return seen;
}
const gzip = (file) => zlib.gzipSync(fs.readFileSync(place(file)), { level: 9 }).length / 1024;
let over = false;
for (const [file, { entryPoint, cssBundle }] of Object.entries(metafile.outputs)) {
  if (!entryPoint) continue;
  const name = path.basename(entryPoint, '.js');
  const js = Math.ceil([...closure(file)].reduce((sum, part) => sum + gzip(part), 0));
  const css = cssBundle ? Math.ceil(gzip(cssBundle)) : 0;
  const ceiling = ceilings[name];
  const fits = js <= ceiling.js && css <= ceiling.css;
  over ||= !fits;
  console.log(`  ${name.padEnd(8)} js ${js} KB, css ${css} KB${fits ? '' : `  over the ceiling of ${ceiling.js} and ${ceiling.css} KB`}`);
}
if (over) process.exit(1);

/** The licence texts of every package that went into a bundle, in one file beside them. */
const packages = new Set(Object.keys(metafile.inputs).map((file) => file.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1]).filter(Boolean));
const texts = [...packages].sort().map((name) => {
  const home = path.join(here, 'node_modules', name);
  const { version, license } = JSON.parse(fs.readFileSync(path.join(home, 'package.json'), 'utf8'));
  const file = fs.readdirSync(home).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? fs.readFileSync(path.join(home, file), 'utf8').trim() : `Licence: ${license}`;
  return `==== ${name} ${version} (${license}) ====\n\n${text}\n`;
});
fs.writeFileSync(path.join(fresh, 'licences.txt'), texts.join('\n\n'));

// The old bundles stay until the new ones are whole.
fs.rmSync(out, { recursive: true, force: true });
fs.renameSync(fresh, out);
