/** Whether a metric is one of rankings, and not one of answers. */
export function isRetrievalMetric(id: string): boolean {
  return /^(recall|recall-ceiling|precision|ndcg)@|^mrr$/.test(id);
}
