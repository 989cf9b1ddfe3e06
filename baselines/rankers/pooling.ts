/** What stands for a text: the mean of its tokens' hidden states, or that of its last token. */
export const POOLINGS = ['mean', 'last'] as const;

/** One of POOLINGS. */
export type Pooling = (typeof POOLINGS)[number];
