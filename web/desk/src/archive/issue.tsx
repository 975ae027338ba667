// An issue as it was printed, from its JSON: text only, whatever stands in it. Of Markdown the editor's links,
// emphasis and code are shown as such; everything else stays as it was written.
import type { JSX } from 'preact';
import { safeUrl } from '../inbox/reasons.ts';

interface Item {
  subject: string | null; prefix: string | null; tags: string[]; title: string; source: string | null; url: string | null;
  links: { label: string; url: string }[]; lines: { label: string; text: string | null }[]; summary: string | null;
}
export interface Section { id: string; title: string; short_title: string; form: string; lead_in: string | null; note: string | null; items: Item[] }
export interface Issue {
  date: string; title: string; headline: string | null; preface: string | null; guide: string | null; sections: Section[];
  note_before: string | null; closing: string | null; note_after: string | null; labels: { guide: string; summary: string };
}

const inline = /\[([^\]]*)\]\(([^\s)]+)\)|\*\*([^*]+)\*\*|`([^`]+)`|(https?:\/\/[^\s，。；）)]+)/g;

function Link({ url, text }: { url: string; text: string }): JSX.Element {
  const href = safeUrl(url);
  return href ? <a class="link" href={href} target="_blank" rel="noreferrer noopener">{text}</a> : <>{text}</>;
}

function Markdown({ text }: { text: string }): JSX.Element {
  const parts: (JSX.Element | string)[] = [];
  let at = 0;
  for (const match of text.matchAll(inline)) {
    const [whole, label, target, strong, code, url] = match;
    parts.push(text.slice(at, match.index));
    at = match.index + whole.length;
    if (target !== undefined) parts.push(<Link key={at} url={target} text={label || target} />);
    else if (strong !== undefined) parts.push(<b key={at}>{strong}</b>);
    else if (code !== undefined) parts.push(<code key={at} class="mono">{code}</code>);
    else if (url !== undefined) parts.push(<Link key={at} url={url} text={url} />);
  }
  return <>{parts}{text.slice(at)}</>;
}

function Paragraphs({ text, label = '' }: { text: string | null; label?: string }): JSX.Element | null {
  if (text === null) return null;
  return <>{text.split('\n').filter((line) => line.trim() !== '').map((line, index) => <p key={index}>{index === 0 && label}<Markdown text={line} /></p>)}</>;
}

function ItemView({ item, labels }: { item: Item; labels: Issue['labels'] }): JSX.Element {
  return (
    <div class="printed">
      <p class="headline">{item.subject && <b>{item.subject}：</b>}{item.tags.map((tag) => <span class="mono" key={tag}>[{tag}] </span>)}{item.prefix && <span>{item.prefix}：</span>}
        {item.url ? <Link url={item.url} text={item.title} /> : item.title}{item.source && <span> {item.source}</span>}
        {item.links.map((link) => <span key={link.url}> <Link url={link.url} text={link.label} /></span>)}</p>
      {item.lines.map((line) => line.text && <p key={line.label} class="quiet">{line.label}<Markdown text={line.text} /></p>)}
      <Paragraphs text={item.summary} label={labels.summary} />
    </div>
  );
}

export function IssueView({ issue }: { issue: Issue }): JSX.Element {
  return (
    <>
      <h2>{issue.title} ({issue.date}){issue.headline && `：${issue.headline}`}</h2>
      <div class="article">
        <Paragraphs text={issue.preface} />
        {issue.guide && <blockquote><Paragraphs text={issue.guide} label={issue.labels.guide} /></blockquote>}
        {issue.sections.filter((section) => section.items.length > 0).map((section, index) => (
          <section key={index}><h3>{section.title}</h3><Paragraphs text={section.lead_in} /><Paragraphs text={section.note} />
            {section.items.map((item, place) => <ItemView key={place} item={item} labels={issue.labels} />)}</section>))}
        <Paragraphs text={issue.note_before} /><Paragraphs text={issue.closing} /><Paragraphs text={issue.note_after} />
      </div>
    </>
  );
}
