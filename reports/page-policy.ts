/** Content-Security-Policy of every page: scripts, styles and pictures of the page's own folder, and nothing else. `file:` stands beside `'self'`, since browsers differ in whether a page opened from a folder has an origin. */
export const PAGE_POLICY = [
  "default-src 'none'",
  ...['script-src', 'style-src', 'img-src'].map((kind) => `${kind} 'self' file:`),
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');
