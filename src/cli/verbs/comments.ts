import { type ReviewComment, ReviewSide } from '../../shared/contract/reviews.ts';
import { absolute } from '../../shared/format.ts';
import { type Chosen, linesOf, linesText, quoteOf } from '../../shared/review.ts';
import { oneLine, paragraphs, readable } from '../text.ts';
import { defineVerb, oneOf, UsageError } from '../verb.ts';

function described(comment: ReviewComment): string {
  const state = comment.sentAt === null ? 'draft' : `sent ${absolute(comment.sentAt)}`;
  const side = comment.side === 'before' ? ' before the change' : '';
  return `${comment.id}  ${oneLine(comment.path)}, ${linesText(comment)}${side} (${state})\n${readable(comment.text)}`;
}

const listed = (comments: readonly ReviewComment[]): string =>
  paragraphs(...comments.map(described)) || 'No comment on the work of this session.';

/** `12` or `12-15`. @throws UsageError */
function lineRange(text: string | undefined): Pick<Chosen, 'from' | 'to'> {
  const [, from, to = from] = /^(\d{1,7})(?:-(\d{1,7}))?$/.exec(text ?? '') ?? [];
  const [first, last] = [Number(from), Number(to)];
  if (first >= 1 && last >= first) return { from: first, to: last };
  throw new UsageError(`--lines takes a line or a range of lines as in 12 or 12-15, but got "${text ?? ''}".`);
}

export const commentList = defineVerb({
  name: 'comment list',
  summary: 'List the comments on the work of a session: drafts and sent ones.',
  takes: ['session'],
  example: 'tenure comment list ses_k3v9',
  async run(cli, [sessionId = '']) {
    const comments = await cli.call('reviews.list', { sessionId });
    return { json: comments, text: listed(comments) };
  },
});

export const commentAdd = defineVerb({
  name: 'comment add',
  summary: 'Comment on lines that a session changed; a draft until it is sent.',
  takes: ['session', 'text'],
  options: {
    file: { type: 'string', value: '<path>', help: 'the file, as in the diff' },
    lines: { type: 'string', value: '<from-to>', help: 'the line, or the first and the last one' },
    side: { type: 'string', value: '<side>', help: 'numbers from before or after the change; default after' },
  },
  example: 'tenure comment add ses_k3v9 "Use the constant." --file src/cart.js --lines 3-4',
  async run(cli, [sessionId = '', text = ''], values) {
    const path = values.file ?? '';
    if (path === '') throw new UsageError('--file is missing: the path of a file that the session changed.');
    const side = oneOf(values.side, 'side', ReviewSide.options) ?? 'after';
    const chosen: Chosen = { side, ...lineRange(values.lines) };
    const { hunks } = await cli.call('worktrees.fileDiff', { sessionId, path, maxLines: 50_000 });
    if (linesOf(hunks, chosen).length !== chosen.to - chosen.from + 1) {
      throw new UsageError(`The diff of "${oneLine(path)}" does not show ${linesText(chosen)} ${side} the change.`);
    }
    const comment = await cli.call('reviews.save', { sessionId, path, ...chosen, quote: quoteOf(hunks, chosen), text });
    return { json: comment, text: described(comment) };
  },
});

export const commentRemove = defineVerb({
  name: 'comment remove',
  summary: 'Throw a draft away.',
  takes: ['comment'],
  example: 'tenure comment remove rev_4k2m',
  async run(cli, [id = '']) {
    return { json: await cli.call('reviews.remove', { id }), text: `Removed ${id}.` };
  },
});

export const commentSend = defineVerb({
  name: 'comment send',
  summary: 'Send all drafts of a session to its agent as its next prompt.',
  takes: ['session'],
  example: 'tenure comment send ses_k3v9',
  async run(cli, [sessionId = '']) {
    const { session, comments } = await cli.call('reviews.send', { sessionId });
    const where =
      session.id === sessionId ? 'The agent gets them when its turn ends.' : `${session.id} goes on with them.`;
    return { json: { session, comments }, text: `Sent. ${where}` };
  },
});
