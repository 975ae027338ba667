// The text of a story. An article comes in a frame of its own origin without scripts: the service sends it
// with a policy that lets nothing run and, unless she asks for pictures, nothing load. All other texts of
// feeds are set as text.
//
// Such a frame cannot be measured from outside, and a script inside is what it must not have. So the article
// is set once more, in thought: its blocks are taken from a document that is never shown, and their lines
// counted with the frame's font and width. What the estimate lacks, the frame scrolls.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type Story, type StoryDetail, getText } from '../api.ts';
import { t } from '../i18n.ts';
import { Marked } from '../parts/text.tsx';
import { theme } from '../settings.ts';
import { summaryMarks } from './reasons.ts';
import { addressOf } from '../route.ts';

const font = `16px ${getComputedStyle(document.documentElement).getPropertyValue('--sans') || 'sans-serif'}`, lineHeight = 28, leastHeight = 56, mostHeight = 12_000;
const blocks = 'p, h1, h2, h3, h4, h5, h6, li, pre, blockquote, tr, figcaption, dt, dd, div, section, article';
const pen = document.createElement('canvas').getContext('2d');

function linesOf(text: string, width: number): number {
  if (!pen) return Math.ceil(text.length * 16 / width);
  pen.font = font;
  return Math.max(1, Math.ceil(pen.measureText(text).width * 1.04 / width)); // lines are not full to the end
}

/** The text that stands in this block itself, not in blocks within. */
function ownText(block: Element): string {
  let text = '';
  for (const node of block.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) text += node.textContent ?? '';
    else if (node instanceof Element && !node.matches(blocks)) text += node.tagName === 'BR' ? '\n' : ownText(node);
  }
  return text;
}

function heightOfBlock(block: Element, width: number): number {
  const text = ownText(block).trim();
  if (text === '') return 0;
  const inner = width - (block.closest('li, blockquote, dd') ? 40 : 0);
  const lines = block.matches('pre') ? text.split('\n').length
    : text.split('\n').reduce((sum, line) => sum + linesOf(line, inner), 0);
  const scale = block.matches('h1') ? 2 : block.matches('h2') ? 1.5 : 1;
  const margin = block.matches('p, pre, blockquote, h1, h2, h3, h4, h5, h6') ? 16 : 0;
  return Math.ceil(lines * scale) * lineHeight + margin;
}

export function heightOf(html: string, width: number, pictures: boolean): number {
  // The page's policy counts for a parsed document, too, and would complain of the frame's style.
  const body = new DOMParser().parseFromString(html.replace(/<style[^]*?<\/style>/g, ''), 'text/html').body;
  let height = 4 + heightOfBlock(body, width);
  for (const block of body.querySelectorAll(blocks)) height += heightOfBlock(block, width);
  height += body.querySelectorAll('img, video').length * (pictures ? 300 : lineHeight);
  return Math.min(mostHeight, Math.max(leastHeight, height));
}

function Frame({ id, title }: { id: string; title: string }): JSX.Element {
  const frame = useRef<HTMLIFrameElement>(null);
  const [hasPictures, setHasPictures] = useState(false);
  const [pictures, setPictures] = useState(false);
  const look = theme.value === 'system' ? '' : `&theme=${theme.value}`;
  const address = `/api/v1/items/${id}/content`;
  useEffect(() => {
    const element = frame.current;
    if (!element) return undefined;
    let html: string | null = null, measured = 0;
    const fit = (): void => {
      const width = element.clientWidth; // 0 where a phone shows the list
      if (html === null || width === 0 || width === measured) return;
      measured = width;
      element.style.height = `${heightOf(html, width, pictures)}px`;
    };
    const observer = new ResizeObserver(fit);
    observer.observe(element);
    getText(address).then((text) => {
      html = text ?? '';
      setHasPictures(/<img\b/i.test(html));
      fit();
    }, () => undefined);
    return () => observer.disconnect();
  }, [address, pictures]);
  return (
    <>
      <iframe class="content" ref={frame} sandbox="allow-popups allow-popups-to-escape-sandbox" referrerpolicy="no-referrer"
        title={t('reader.frame', { title })} src={addressOf(`${address}?pictures=${pictures}${look}`)} />
      {hasPictures && !pictures && <p class="note"><button class="btn line" type="button" onClick={() => setPictures(true)}>{t('reader.pictures')}</button>
        <span class="quiet">{t('reader.picturesWhy')}</span></p>}
    </>
  );
}

function Paragraphs({ text, story }: { text: string; story: Story }): JSX.Element {
  const marks = summaryMarks(story);
  let at = 0;
  return (
    <>{text.split('\n').map((line, index) => {
      const start = at;
      at += line.length + 1;
      return line.trim() === '' ? null : (
        <p key={index}><Marked text={line} spans={marks.map(([from, to]) => [from - start, to - start] as [number, number])
          .filter(([from, to]) => from >= 0 && to <= line.length)} /></p>
      );
    })}</>
  );
}

export function Article({ story, detail, isPaper }: { story: Story; detail: StoryDetail | null; isPaper: boolean }): JSX.Element {
  const lead = detail?.story_items.find((one) => one.id === detail.lead);
  const item = lead?.has_content ? lead : detail?.story_items.find((one) => one.has_content);
  if (item && !isPaper) return <Frame key={item.id} id={item.id} title={story.title ?? ''} />;
  const summary = detail?.summary ?? story.summary;
  return (
    <div class="article" lang={story.language ?? undefined}>
      {summary && <Paragraphs text={summary} story={story} />}
      {detail && !isPaper && <p class="note">{t(summary ? 'reader.noContent' : 'reader.noSummary')}</p>}
    </div>
  );
}
