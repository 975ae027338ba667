// What stands below a story's text: why it is here, who reported it, what was printed before.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Item, Reason, Related, Story, StoryDetail } from '../api.ts';
import { dateTime, t } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { hrefOf } from '../route.ts';
import { sectionName } from '../draft/sections.ts';
import { lead, split } from './deciding.ts';
import { Outward } from './outward.tsx';
import { counts, kindKey, matchedOf, score, sectionOf, signed, sums } from './reasons.ts';

function Weight({ reason, story, most }: { reason: Reason; story: Story; most: number }): JSX.Element {
  const section = sectionOf(reason);
  const width = Math.max(2, Math.round(72 * Math.abs(reason.weight) / most));
  return (
    <svg class={section !== null && section !== story.section ? 'w against' : 'w'} width="72" height="4" aria-hidden="true">
      <rect width={width} height="4" rx="2" />
    </svg>
  );
}

function ReasonRow({ reason, story, most }: { reason: Reason; story: Story; most: number }): JSX.Element {
  const section = sectionOf(reason);
  return (
    <tr>
      <td class="k">{t(kindKey(reason))}</td><td class="any">{matchedOf(reason)}</td>
      <td class="k">{section === null ? t('why.all') : sectionName(section)}</td>
      <td class="num">{signed(reason.weight)}</td>
      <td class="k"><Weight reason={reason} story={story} most={most} /></td>
    </tr>
  );
}

const shownReasons = 8;

export function Why({ story }: { story: Story }): JSX.Element {
  const [all, setAll] = useState(false);
  const reasons = story.reasons.filter(counts).sort((a, b) => b.weight - a.weight);
  const shown = all || reasons.length <= shownReasons + 1 ? reasons : reasons.slice(0, shownReasons);
  const most = Math.max(1, ...story.reasons.map((reason) => Math.abs(reason.weight)));
  const perSection = sums(story), isLeading = perSection[0]?.[0] === story.section;
  const totals = perSection.map(([section, weight]) => `${sectionName(section)} ${weight.toFixed(1)}`).join(t('list.comma'));
  return (
    <section class="block" id="why" tabIndex={-1} aria-labelledby="why-title">
      <h3 id="why-title">{t('why')} <span>{t('why.sum', { score: score(story), section: sectionName(story.section),
        sure: t(story.uncertain ? 'why.unsure' : 'why.sure') })}</span></h3>
      {story.reasons.length === 0 ? <p class="quiet">{t('why.none')}</p> : (
        <table class="facts">
          <thead class="sr"><tr><th scope="col">{t('why.kind')}</th><th scope="col">{t('why.matched')}</th>
            <th scope="col">{t('sections.choose')}</th><th scope="col">{t('why.weight')}</th><th scope="col">{t('why.share')}</th></tr></thead>
          <tbody>
            {shown.map((reason, index) => <ReasonRow key={index} reason={reason} story={story} most={most} />)}
            {shown.length < reasons.length && <tr><td colSpan={5}><button class="link" type="button" onClick={() => setAll(true)}>
              {t('why.more', { n: reasons.length - shown.length })}</button></td></tr>}
          </tbody>
          <tfoot><tr><td colSpan={3}>{isLeading && t('why.total', { sums: totals })}</td>
            <td class="num" colSpan={2}>{t('why.lead', { n: story.margin.toFixed(1) })}</td></tr></tfoot>
        </table>
      )}
    </section>
  );
}

interface Report { item: Item; source: string; title: string; at: string; isFirst: boolean }

/** One line a source: its own delivery of the item, then the feeds that brought the same item. */
function reportsOf(detail: StoryDetail): Report[] {
  return detail.story_items.flatMap((item) => {
    const title = item.title ?? t('row.untitled');
    const own = { item, source: item.source ?? '', title, at: item.published ?? item.first_seen, isFirst: true };
    const names = new Set([item.source]);
    const others = item.sightings.filter((one) => !names.has(one.source) && names.add(one.source))
      .map((one) => ({ item, source: one.source ?? '', title, at: one.first_seen, isFirst: false }));
    return [own, ...others];
  });
}

function Acts({ detail, item }: { detail: StoryDetail; item: Item }): JSX.Element {
  return (
    <span class="row-acts">
      {item.id !== detail.lead && <button class="btn icon" type="button" onClick={() => lead(detail, item.id)}
        aria-label={t('sightings.lead', { title: item.title ?? '' })} title={t('sightings.leadShort')}><Icon name="up" /></button>}
      <button class="btn icon" type="button" onClick={() => split(detail, item.id)}
        aria-label={t('sightings.split', { title: item.title ?? '' })} title={t('sightings.splitShort')}><Icon name="split" /></button>
    </span>
  );
}

export function Reports({ detail }: { detail: StoryDetail }): JSX.Element {
  const reports = reportsOf(detail);
  const first = reports.map(({ at }) => at).sort()[0] ?? detail.first_seen;
  const isDivisible = detail.story_items.length > 1;
  return (
    <section class="block" aria-labelledby="sightings-title">
      <h3 id="sightings-title">{t('sightings')} <span>{t('sightings.count', { n: reports.length, at: dateTime(first) })}</span></h3>
      <table class="facts reports"><tbody>
        {reports.map(({ item, source, title, at, isFirst }) => (
          <tr key={`${item.id} ${source}`}><td class="k">{source}</td>
            <td class="wide clip" {...(item.joined.sentence ? { title: item.joined.sentence } : {})}>
              <Outward url={item.url}>{isFirst ? title : t('sightings.same')}</Outward></td>
            <td class="num quiet">{dateTime(at).slice(5)}</td>
            {isDivisible && <td class="k">{isFirst && <Acts detail={detail} item={item} />}</td>}</tr>
        ))}
      </tbody></table>
    </section>
  );
}

export function Similar({ related }: { related: Related }): JSX.Element | null {
  const { similar } = related;
  if (similar.length === 0) return null;
  return (
    <section class="block" aria-labelledby="similar-title"><h3 id="similar-title">{t('similar')} <span>{t('similar.count', { n: similar.length })}</span></h3>
      <table class="facts"><tbody>
        {similar.map((one) => (
          <tr key={one.date + one.title}><td class="k"><a class="out" href={hrefOf('archive', { date: one.date })}>{one.date}</a></td>
            <td class="wide clip"><Outward url={one.url}>{one.title}</Outward></td>
            <td class="num quiet">{sectionName(one.section)}</td></tr>
        ))}
      </tbody></table>
    </section>
  );
}
