import type { BenchmarkIndex, ReportIndex } from '../questions/records.ts';
import { element } from './element.ts';
import type { AnsweringRun } from './question-browser.ts';
import type { Search } from './search.ts';
import { VERDICTS, verdictsOf, type Verdict } from './verdict.ts';

/** What the form asks for. */
interface Choice {
  readonly benchmark: BenchmarkIndex;
  /** All of them must hold. */
  readonly conditions: readonly { readonly run: AnsweringRun; readonly verdict: Verdict }[];
  readonly search: Search;
}

/** The form that chooses questions: a benchmark, what two systems made of them, and words. */
export interface QuestionForm {
  readonly form: HTMLFormElement;
  readonly choice: () => Choice;
  /** The two systems, as far as they are chosen. */
  readonly chosenRuns: () => AnsweringRun[];
  /** For the address, and from there. */
  readonly read: () => [string, string][];
  readonly apply: (parameters: URLSearchParams) => void;
}

/** @param onChange Called when the reader has changed something; by a key, which may be followed by more, or at once. */
export function questionForm(index: ReportIndex, onChange: (isTyping: boolean) => void): QuestionForm {
  const benchmark = element('select', { name: 'benchmark' });
  benchmark.append(...index.benchmarks.map(({ name }) => element('option', { value: name }, name)));
  const sides = (['a', 'b'] as const).map((name) => ({
    name,
    system: element('select', { name, 'aria-label': `System ${name.toUpperCase()}` }),
    verdict: element(
      'select',
      { name: `${name}s`, 'aria-label': `Answer of system ${name.toUpperCase()}` },
      element('option', { value: '' }, 'right or wrong'),
      ...VERDICTS.map((verdict) => element('option', { value: verdict }, verdict)),
    ),
  }));
  const text = element('input', { type: 'search', name: 'q', autocomplete: 'off', spellcheck: 'false' });
  const everything = element('input', { type: 'checkbox', name: 'in' });
  const form = element(
    'form',
    { class: 'filters', role: 'search', 'aria-label': 'Choose questions' },
    element('label', {}, element('span', {}, 'Benchmark'), benchmark),
    ...sides.map(({ name, system, verdict }) =>
      element('div', { class: 'pair', role: 'group', 'aria-label': `System ${name.toUpperCase()}` }, element('span', { 'aria-hidden': 'true' }, `System ${name.toUpperCase()}`), element('div', {}, system, verdict)),
    ),
    element('label', { class: 'wide' }, element('span', {}, 'Search'), text),
    element('label', { class: 'check' }, everything, ' in passages and answers too (slower)'),
  ); // prettier-ignore

  const answering = new Map<number, AnsweringRun[]>();
  const runsOf = (at: number): AnsweringRun[] => {
    if (!answering.has(at)) {
      const runs = index.runs.filter((run) => run.benchmark === at);
      answering.set(at, runs.flatMap((run) => {
        const verdict = verdictsOf(run);
        return verdict ? [{ run, verdict }] : [];
      })); // prettier-ignore
    }
    return answering.get(at)!;
  };
  const current = (): AnsweringRun[] => runsOf(benchmark.selectedIndex);
  const chosen = (system: HTMLSelectElement): AnsweringRun | undefined =>
    current().find(({ run }) => run.name === system.value);
  /** The systems of a benchmark; a choice stays where the benchmark has it too. */
  const offer = (): void => {
    const names = current().map(({ run }) => run.name);
    const [first, second] = usualPair(names);
    for (const [at, { system }] of sides.entries()) {
      const before = system.value;
      system.replaceChildren(element('option', { value: '' }, 'none'), ...names.map((name) => element('option', { value: name }, name))); // prettier-ignore
      system.value = names.includes(before) ? before : ((at === 0 ? first : second) ?? '');
    }
  };
  offer();
  benchmark.addEventListener('change', offer);
  form.addEventListener('input', ({ target }) => onChange(target === text));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    onChange(false);
  });

  return {
    form,
    choice: () => ({
      benchmark: index.benchmarks[benchmark.selectedIndex]!,
      conditions: sides.flatMap(({ system, verdict }) => {
        const run = chosen(system);
        return run && verdict.value ? [{ run, verdict: verdict.value as Verdict }] : [];
      }),
      search: { text: text.value, everything: everything.checked },
    }),
    chosenRuns: () => [...new Set(sides.flatMap(({ system }) => chosen(system) ?? []))],
    read: () => [
      ['benchmark', benchmark.value],
      ...sides.flatMap(({ name, system, verdict }): [string, string][] => [
        [name, system.value || 'none'],
        [`${name}s`, verdict.value],
      ]),
      ['q', text.value],
      ['in', everything.checked ? 'all' : ''],
    ],
    apply(parameters) {
      set(benchmark, parameters.get('benchmark') ?? benchmark.value);
      offer();
      for (const { name, system, verdict } of sides) {
        const given = parameters.get(name);
        if (given !== null) set(system, given === 'none' ? '' : given);
        set(verdict, parameters.get(`${name}s`) ?? '');
      }
      // Where it has not changed, the cursor stays where it is.
      if (text.value !== (parameters.get('q') ?? '')) text.value = parameters.get('q') ?? '';
      everything.checked = parameters.get('in') === 'all';
    },
  };
}

/** Chooses an option where there is one of this value. */
function set(select: HTMLSelectElement, value: string): void {
  if ([...select.options].some((option) => option.value === value)) select.value = value;
}

/** Whom a reader looks for first: CLaRa beside fine-tuned text, or else the first two. */
function usualPair(names: readonly string[]): [string | undefined, string | undefined] {
  const method = names.find((name) => name.startsWith('clara')) ?? names[0];
  const others = names.filter((name) => name !== method);
  return [method, others.find((name) => name.startsWith('text-lora')) ?? others[0]];
}
