/** A metric's id as a heading: `exact-match` becomes `Exact match`, `cover-exact-match-bag` becomes `Cover exact match (bag)`, `ndcg@5` becomes `nDCG@5`. */
export function metricHeading(id: string): string {
  if (/^(f1|mrr)$/.test(id)) return id.toUpperCase();
  if (id.startsWith('ndcg')) return id.replace('ndcg', 'nDCG');
  const words = id.replace(/^(cover-exact-match)-(.+)$/, '$1 ($2)').replace(/-/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
