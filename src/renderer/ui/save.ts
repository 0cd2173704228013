/** Gives the person a file of comma-separated values. */
export function saveCsv(name: string, csv: string): void {
  const url = URL.createObjectURL(new Blob([csv], { type: 'text/csv' }));
  Object.assign(document.createElement('a'), { href: url, download: name }).click();
  // The download has its own hold on it by then.
  requestAnimationFrame(() => URL.revokeObjectURL(url));
}
