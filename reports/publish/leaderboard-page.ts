import { asScript } from '../questions/as-script.ts';
import { escapeHtml as text } from '../text/escape-html.ts';
import type { Board, LeaderboardData } from './board.ts';
import { boardCaption } from './board-caption.ts';
import { boardTable } from './board-table.ts';
import { hrefOf } from './index-page.ts';
import { rankBoard } from './rank-board.ts';
import type { Site } from './site.ts';
import { sitePage, siteTable } from './site-html.ts';

/** Files of the leaderboard: the page with every board by the site's metric, and the boards as data, from which its script makes what the reader chooses. */
export function leaderboardFiles(site: Site, boards: readonly Board[]): [string, string][] {
  const { title, metric, ratio, baseUrl } = site;
  const reports = site.reports.map((report) => ({ title: report.title, href: hrefOf(report) }));
  const sections = boards.map((board, at) => {
    const table = boardTable(boardCaption(board, metric, ratio), metric, rankBoard(board, { metric, ratio }), reports);
    return `<section aria-labelledby="board-${at}"><h2 id="board-${at}">${text(board.label)}</h2>\n${siteTable(table)}\n<p class="note">${text(board.shared)}</p></section>`;
  });
  const data: LeaderboardData = { metric, ratio, reports, boards: boards.map(({ name, label }) => ({ name, label })) };
  return [
    [
      'leaderboard.html',
      sitePage({
        page: 'leaderboard.html',
        site: title,
        intro: 'Systems of all reports that answered the same questions, in the same words, scored by the same code.',
        main: `<div id="leaderboard">\n${sections.join('\n')}\n</div>\n${HOW_TO_READ}`,
        baseUrl,
      }),
    ],
    ['data/leaderboard.js', asScript('leaderboard', data)],
    ...boards.map((board): [string, string] => [`data/${board.name}.js`, asScript(board.name, board)]),
  ];
}

const HOW_TO_READ = `<section aria-labelledby="how"><h2 id="how">How to read it</h2>
<p>1= marks a system that cannot be told apart from the leader: a tie, whatever the order. Two systems of one report are compared question by question (exact match: the report’s paired test with Holm’s correction over all of its comparisons; F1: whether the difference’s 95 % interval has 0 in it). Where no report holds a paired comparison of the two, their 95 % intervals decide, which is said in the row: overlapping intervals are a weaker ground, and a paired test could still tell the two apart.</p>
<p>The systems that are chosen compete: choosing a ratio or a model can change the leader. A system with failed questions is shown and not ranked, since its figures are over other questions than the rest. A run that stands in several reports is one row. Training on the data that the scores are of, the budget for training and the number of settings tried are no part of these ranks: see the reports.</p>
</section>`;
