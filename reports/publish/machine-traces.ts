import { readdirSync } from 'node:fs';
import { homedir, hostname, userInfo } from 'node:os';
import { packageRoot } from '../../harness/home.ts';
import { escapeHtml } from '../text/escape-html.ts';
import { escapeLatex } from '../text/escape-latex.ts';
import { escapeMarkdown } from '../text/escape-markdown.ts';

/** A text that says where something was made, and what it is. */
export interface Trace {
  readonly what: string;
  readonly text: string;
  /** False for what must not be printed: it may be secret. */
  readonly shown: boolean;
}

/** What tells of a machine. */
export interface MachineTraces {
  /** Texts that are found as whole words. */
  readonly texts: readonly Trace[];
  /** What absolute paths and other forms look like. */
  readonly patterns: readonly { readonly what: string; readonly pattern: RegExp }[];
}

/** Accounts that exist on many machines and name nobody: as bare words they stand in texts of all kinds. */
const COMMON_ACCOUNTS = /^(root|admin|user|node|runner|ubuntu|debian|docker|app|build|builder|ci|test|guest|nobody|daemon|www-data|localhost)$/; // prettier-ignore

/** Variables whose values say nothing of a machine, or that npm sets from the package itself. */
const HARMLESS_VARIABLE = /^(LANG|LANGUAGE|LC_\w+|TERM|COLORTERM|SHLVL|TZ|CI|NODE_ENV|npm_package_\w+|npm_lifecycle_\w+|npm_command)$/; // prettier-ignore
const SECRET_VARIABLE = /(^|_)(KEY|TOKEN|SECRET|PASS|PASSWORD|PASSWD|PWD|CREDENTIALS?|AUTH)(_|$)/i;
const USER_VARIABLES = ['USER', 'LOGNAME', 'USERNAME'];
const HOST_VARIABLES = ['HOSTNAME', 'COMPUTERNAME'];
/** Numbers, versions, switches, plain words and this program's name stand in any report. */
const PLAIN_VALUE = /^(clara-bench|v?[\d.]+|[a-z]+|[A-Z]+|[A-Z][a-z]+)$/;
/** Characters of a value that is looked for; of a longer one its beginning is. */
export const LONGEST = 1024;
const SHORTEST = { value: 6, name: 3 };
/** A secret may be a plain word. */
const SWITCH = /^(v?[\d.]+|true|false)$/i;

/** Folders at the root of Linux, macOS and clusters; those of this machine are added. */
const ROOTS = 'bin boot cygdrive data dev etc gpfs home lib lib64 Library lustre media mnt nfs nix opt private proc root run sbin scratch share srv storage sys System tmp Users usr var Volumes work workspace workspaces'; // prettier-ignore

/** What a text must not have before and after it, to be a word of its own. */
const BEFORE = '(?<![\\p{L}\\p{N}_])';
const AFTER = '(?![\\p{L}\\p{N}_])';

/** What tells of this machine: its user, its name, its folders, the values of its environment, and paths of any machine. */
export function machineTraces(environment: NodeJS.ProcessEnv = process.env): MachineTraces {
  const valuesOf = (names: readonly string[]): string[] => names.flatMap((name) => environment[name] ?? []);
  const users = [...new Set([accountName(), ...valuesOf(USER_VARIABLES)])].filter(Boolean);
  const hosts = [...new Set([hostname(), hostname().split('.')[0]!, ...valuesOf(HOST_VARIABLES)])];
  const isName = (name: string): boolean => name.length >= SHORTEST.name && !COMMON_ACCOUNTS.test(name);
  const traces = [
    ...users.filter(isName).map((text) => ({ what: 'the user name', text, shown: true })),
    ...hosts.filter(isName).map((text) => ({ what: 'the host name', text, shown: true })),
    ...[homedir(), environment.HOME ?? ''].filter((home) => home.length > 1).map((text) => ({ what: 'the home folder', text, shown: true })),
    { what: 'the program’s folder', text: packageRoot, shown: true },
    ...[process.cwd()].filter((folder) => folder.length > 1).map((text) => ({ what: 'the folder it was started in', text, shown: true })),
    ...Object.entries(environment).flatMap(([name, value]) => environmentTraces(name, value ?? '')),
  ]; // prettier-ignore
  const seen = new Set<string>();
  const texts = traces.flatMap(({ what, text, shown }) =>
    writtenForms(text.slice(0, LONGEST))
      .filter((form) => !seen.has(form) && seen.add(form))
      .map((form) => ({ what, text: form, shown })),
  );
  return { texts, patterns: patterns(users) };
}

function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container's user may have no entry in the list of accounts.
    return '';
  }
}

function environmentTraces(name: string, value: string): Trace[] {
  if (HARMLESS_VARIABLE.test(name)) return [];
  const secret = SECRET_VARIABLE.test(name);
  const parts = new Set([value, ...value.split('\n')].map((part) => part.trim()));
  return [...parts]
    .filter((part) => part.length >= SHORTEST.value && !(secret ? SWITCH : PLAIN_VALUE).test(part))
    .map((text) => ({ what: `the value of the environment variable ${name}`, text, shown: false })); // prettier-ignore
}

/** A text as HTML, JSON, Markdown, LaTeX and addresses write it. */
function writtenForms(text: string): string[] {
  return [text, escapeHtml(text), JSON.stringify(text).slice(1, -1), escapeMarkdown(text), encodeURI(text), escapeLatex(text)]; // prettier-ignore
}

function patterns(users: readonly string[]): MachineTraces['patterns'] {
  const here = process.platform === 'win32' ? [] : readdirSync('/').filter((name) => /^\w[\w.-]+$/.test(name));
  const roots = [...new Set([...ROOTS.split(' '), ...here])].map(escaped).join('|');
  const part = '[^\\s"\'`<>|*?;,(){}\\[\\]\\\\&]+';
  const names = users.map(escaped).join('|');
  const pattern = (source: string): RegExp => new RegExp(source, 'gu');
  return [
    { what: 'an absolute path', pattern: pattern(`(?<![\\p{L}\\p{N}_.~/-])/(?:${roots})/${part}`) },
    { what: 'an address of a file', pattern: pattern(`${BEFORE}file:/{1,3}${part}`) },
    { what: 'a path from a home folder', pattern: pattern(`(?<![\\p{L}\\p{N}_~/.-])~[\\w-]*/[\\w.]${part}`) },
    // With one backslash, or as JSON, Markdown and LaTeX write it; \n and its like behind a letter are no path.
    { what: 'a path of Windows', pattern: pattern(`${BEFORE}[A-Za-z]:(?:\\\\\\\\|\\\\textbackslash(?:\\{\\})? ?|/|\\\\(?![nrt"\\\\/]))[\\w$.-]+(?:\\\\{1,2}|/)${part}`) },
    { what: 'a path of a Windows share', pattern: pattern(`(?<![\\\\:])(?:\\\\\\\\){1,2}[\\w.$-]+\\\\{1,2}[\\w$]${part}`) },
    ...(names === '' ? [] : [
      { what: 'the user name', pattern: pattern(`${BEFORE}(?:(?:user(?:name)?|login|logname|owner)["']?\\s*[:=]\\s*["']?(?:${names})${AFTER}|(?:${names})@[\\w-]+)`) },
    ]),
  ]; // prettier-ignore
}

/** A pattern that finds a text as a word of its own. */
export function wholeWord(text: string): RegExp {
  const isWord = (character: string): boolean => /[\p{L}\p{N}_]/u.test(character);
  return new RegExp(`${isWord(text[0]!) ? BEFORE : ''}${escaped(text)}${isWord(text.at(-1)!) ? AFTER : ''}`, 'gu');
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
