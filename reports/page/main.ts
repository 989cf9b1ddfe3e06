import type { ReportIndex } from '../questions/records.ts';
import { addressOf, noteAddress, readPlace } from './address.ts';
import { load } from './data.ts';
import { byId } from './element.ts';
import { filterReport } from './filter-report.ts';
import { foldSections, showSection } from './fold-sections.ts';
import { drawCharts } from './live-charts.ts';
import { questionBrowser } from './question-browser.ts';
import { sortTables } from './sort-tables.ts';

/** Brings the page to life: without this script it is a report to read. */
async function start(): Promise<void> {
  document.documentElement.classList.add('scripted');
  foldSections();
  const report = byId('report');
  const questions = byId('questions');
  const noteReport = (): void => noteAddress(addressOf('report', [...filters.read(), ['sort', orders.read()]]));
  const filters = filterReport(noteReport);
  const orders = sortTables(noteReport);
  const index = await load<ReportIndex>('index');
  drawCharts(index.charts);
  const browser = questionBrowser(questions, index);

  const title = document.title;

  const show = (): void => {
    const { view, parameters, anchor } = readPlace();
    document.title = view === 'report' ? title : `Questions – ${title}`;
    report.hidden = view !== 'report';
    questions.hidden = view === 'report';
    for (const link of document.querySelectorAll<HTMLAnchorElement>('nav [data-view]')) {
      if ((link.dataset.view === 'report') === (view === 'report')) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
    if (view !== 'report') {
      void browser.show(view, parameters);
    } else if (anchor === undefined || anchor === '') {
      filters.apply(parameters);
      orders.apply(parameters.get('sort') ?? '');
    } else {
      showSection(anchor);
    }
  };
  window.addEventListener('hashchange', show);
  show();
}

void start();
