// Checks the manifests on standard input against the schemas of Kubernetes' OpenAPI (types, values, required fields), against its
// TypeScript types (unknown fields), and against the "restricted" profile of the Pod Security Standards. Prints a line for each
// fault; the exit code is then 1.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import yaml from "js-yaml";
import ts from "typescript";

const here = dirname(fileURLToPath(import.meta.url));
const faults = [];
const documents = yaml.loadAll(readFileSync(0, "utf8")).filter(document => document);
if (documents.length === 0) faults.push("There is no manifest.");
for (const document of documents) await check(document);
fields(documents);
for (const fault of faults) console.log(fault);
console.log(`${documents.length} manifests, ${faults.length} faults`);
process.exit(faults.length > 0 ? 1 : 0);

function name(document) {
  return `${document.kind}/${document.metadata?.name}`;
}

async function check(document) {
  const models = await import(`kubernetes-models/${document.apiVersion}`).catch(() => ({}));
  const Model = models[document.kind];
  if (!Model) {
    faults.push(`${name(document)}: ${document.apiVersion} has no kind ${document.kind}`);
    return;
  }

  try {
    new Model(document).validate();
  } catch (error) {
    faults.push(`${name(document)}: ${error.message}`);
  }

  const pod = document.spec?.template?.spec ?? (document.kind === "Pod" ? document.spec : undefined);
  if (pod) restricted(name(document), pod);
}

// TypeScript reports an error if a literal has a field that its type does not have.
function fields(documents) {
  const known = documents.filter(document => /^[a-z0-9./]+$/.test(document.apiVersion) && /^[A-Za-z]+$/.test(document.kind));
  const source = known.map((document, index) => `import type { I${document.kind} as T${index} } from "kubernetes-models/${document.apiVersion}";
export const m${index}: T${index} = ${JSON.stringify(document)};`).join("\n");
  const options = { strict: true, noEmit: true, skipLibCheck: true, module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022, types: [] };
  const host = ts.createCompilerHost(options);
  const file = join(here, "manifests.ts");
  const read = host.getSourceFile;
  host.getSourceFile = (path, ...rest) => path === file ? ts.createSourceFile(path, source, options.target) : read.call(host, path, ...rest);
  const exists = host.fileExists;
  host.fileExists = path => path === file || exists.call(host, path);
  for (const diagnostic of ts.getPreEmitDiagnostics(ts.createProgram([file], options, host))) {
    const index = diagnostic.file ? Math.floor(diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start).line / 2) : 0;
    faults.push(`${known[index] ? name(known[index]) : "manifests"}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, " ")}`);
  }
}

// https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
function restricted(who, pod) {
  const forbid = (condition, rule) => { if (condition) faults.push(`${who}: restricted: ${rule}`); };
  const volumes = ["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"];
  forbid(pod.hostNetwork || pod.hostPID || pod.hostIPC, "no namespaces of the host");
  for (const volume of pod.volumes ?? []) {
    forbid(!Object.keys(volume).every(key => key === "name" || volumes.includes(key)), `no such kind of volume: ${volume.name}`);
  }

  for (const container of [...pod.containers ?? [], ...pod.initContainers ?? []]) {
    const context = { ...pod.securityContext, ...container.securityContext };
    forbid(context.runAsNonRoot !== true || context.runAsUser === 0, `${container.name} must not run as root`);
    forbid(!["RuntimeDefault", "Localhost"].includes(context.seccompProfile?.type), `${container.name} needs a seccomp profile`);
    forbid(context.allowPrivilegeEscalation !== false, `${container.name} must not gain rights`);
    forbid(context.privileged, `${container.name} must not be privileged`);
    forbid(!context.capabilities?.drop?.includes("ALL"), `${container.name} must drop all capabilities`);
    forbid(context.capabilities?.add?.some(capability => capability !== "NET_BIND_SERVICE"), `${container.name} must not add capabilities`);
    forbid((container.ports ?? []).some(port => port.hostPort), `${container.name} must not take a port of the host`);
  }
}
