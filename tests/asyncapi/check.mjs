// Reads one AsyncAPI document and its files with the official parser; prints what is wrong with it.
import parser from "@asyncapi/parser";

const { Parser, fromFile } = parser;
const { document, diagnostics } = await fromFile(new Parser(), process.argv[2]).parse();
for (const { severity, path, message } of diagnostics) {
  if (severity <= 1) console.log(`${["error", "warning"][severity]} ${path.join("/")}: ${message}`);
}
console.log(`messages: ${document?.messages().length ?? 0}`);
process.exit(document && diagnostics.every(({ severity }) => severity > 0) ? 0 : 1);
