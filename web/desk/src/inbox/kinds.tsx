// What a story of a known kind says besides its text: a paper its authors, versions and PDF, a release its
// repository, its tag and the releases it stands for.
import type { JSX } from 'preact';
import type { Item, Related, Story } from '../api.ts';
import { dateTime, t } from '../i18n.ts';
import { Outward } from './outward.tsx';

export interface Paper { id: string; version: string | null }
export interface Release { repository: string; tag: string }

const paperUrl = /arxiv\.org\/(?:abs|pdf|html)\/(\d{4}\.\d{4,5}|[\w.-]+\/\d{7})(v\d+)?(?:\.pdf)?$/;
const releaseKey = /^github:([^/@]+\/[^/@]+)@(.+)$/;

export function paperOf(item: Pick<Item, 'key' | 'url'>): Paper | null {
  if (!item.key.startsWith('arxiv:')) return null;
  const found = paperUrl.exec(item.url ?? '');
  return { id: item.key.slice('arxiv:'.length), version: found?.[2] ?? null };
}

export function releaseOf(item: Pick<Item, 'key'>): Release | null {
  const found = releaseKey.exec(item.key);
  return found ? { repository: found[1] as string, tag: found[2] as string } : null;
}

/** What a row shows behind the source: 2009.09941, Tencent/ncnn. */
export function identityOf(story: Story): string | null {
  return paperUrl.exec(story.url ?? '')?.[1] ?? story.prefix;
}

function Fact({ name, children }: { name: string; children: JSX.Element | JSX.Element[] | string }): JSX.Element {
  return <tr><th class="k" scope="row">{name}</th><td>{children}</td></tr>;
}

/** A tag that is the paper's own number. */
function isNumber(tag: string, paper: Paper): boolean {
  return tag.replace(/v\d+$/, '') === paper.id;
}

export function PaperFacts({ item, paper }: { item: Item; paper: Paper }): JSX.Element {
  const address = `https://arxiv.org/abs/${paper.id}`;
  const classes = item.tags.filter((tag) => !isNumber(tag, paper));
  return (
    <table class="facts kind"><tbody>
      {item.authors && <Fact name={t('paper.authors')}>{item.authors}</Fact>}
      <Fact name="arXiv"><>
        <Outward url={address}><span class="mono">{paper.id}{paper.version}</span></Outward>
        <Outward url={`https://arxiv.org/pdf/${paper.id}${paper.version ?? ''}`}>PDF</Outward>
        <Outward url={`${address}#submission-history`}>{t('paper.versions')}</Outward></></Fact>
      {item.comment && <Fact name={t('paper.comment')}>{item.comment}</Fact>}
      {item.journal_ref && <Fact name={t('paper.journal')}>{item.journal_ref}</Fact>}
      {classes.length > 0 && <Fact name={t('reader.tags')}>{classes.join(t('list.comma'))}</Fact>}
    </tbody></table>
  );
}

export function ReleaseFacts({ release }: { release: Release }): JSX.Element {
  const home = `https://github.com/${release.repository}`;
  return (
    <table class="facts kind"><tbody>
      <Fact name={t('release.repository')}><Outward url={home}><span class="mono">{release.repository}</span></Outward></Fact>
      <Fact name={t('release.tag')}><>
        <Outward url={`${home}/releases/tag/${encodeURIComponent(release.tag)}`}><span class="mono">{release.tag}</span></Outward>
        <Outward url={`${home}/releases`}>{t('release.all')}</Outward></></Fact>
    </tbody></table>
  );
}

/** Prereleases and builds that count as one candidate with this one: folded, the newest first. */
export function Bundled({ related }: { related: Related }): JSX.Element | null {
  if (related.bundled.length === 0) return null;
  return (
    <details class="block fold">
      <summary><h3>{t('release.bundled')} <span>{t('release.bundledCount', { n: related.bundled.length })}</span></h3></summary>
      <table class="facts"><tbody>
        {related.bundled.map((one) => (
          <tr key={one.item}><td class="wide clip"><Outward url={one.url}>{one.title ?? t('row.untitled')}</Outward></td>
            <td class="num quiet">{dateTime(one.published).slice(5)}</td></tr>
        ))}
      </tbody></table>
    </details>
  );
}
