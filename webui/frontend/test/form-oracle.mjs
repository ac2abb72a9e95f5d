/**
 * What form-js itself says of answers, without a browser: stdin [{schema, inputs: [answers]}],
 * stdout [[{wrong: [key], data}]] in the same order.
 *
 * The server must say the same (tests/engine/forms/test_oracle.py); nothing of this is served.
 */
import { createRequire } from "node:module";

import { Window } from "happy-dom";

const page = new Window({ url: "http://127.0.0.1/" });
for (const name of Object.getOwnPropertyNames(page)) {
  if (!(name in globalThis)) {
    globalThis[name] = page[name];
  }
}
globalThis.window = page;
globalThis.document = page.document;

// Its ES build names files of lodash that only bundlers find.
const { Form } = createRequire(import.meta.url)("@bpmn-io/form-js-viewer");

/** The names of the wrong answers of a question: its key, or one for each row of its list. */
function places(fields, field, found) {
  const list = fields.get(field._parent);
  if (list?.type !== "dynamiclist") {
    return [field.key];
  }
  return Object.keys(found).map((row) => `${list.path}.${row}.${field.key}`);
}

/** The keys of the answers that form-js refuses, and the answers it would send. */
async function judged(schema, inputs) {
  const form = new Form({ container: document.createElement("div") });
  const said = [];
  for (const answers of inputs) {
    await form.importSchema(schema, answers);
    const { data, errors } = form.submit();
    const fields = form.get("formFieldRegistry");
    const wrong = Object.entries(errors).flatMap(([id, found]) => places(fields, fields.get(id), found));
    said.push({ wrong: wrong.sort(), data });
  }
  form.destroy();
  return said;
}

let text = "";
for await (const part of process.stdin) {
  text += part;
}
const answers = [];
for (const { schema, inputs } of JSON.parse(text)) {
  answers.push(await judged(schema, inputs));
}
process.stdout.write(JSON.stringify(answers), () => process.exit(0));
