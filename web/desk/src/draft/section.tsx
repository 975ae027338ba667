// A section with its picks in printing order, then what the machine suggests for it.
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Draft, Section } from '../api.ts';
import { t } from '../i18n.ts';
import { outbox } from '../outbox.ts';
import { Icon } from '../parts/icon.tsx';
import { gap, useSectionTarget } from './drag.ts';
import { addByHand } from './moves.ts';
import { PickRow, idOf } from './pick.tsx';
import { close, cursor, open, openPick, writing } from './place.ts';

function ByHand({ now, section }: { now: Draft; section: Section }): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => { input.current?.focus(); }, []);
  return (
    <form class="byhand" onSubmit={(event) => {
      event.preventDefault();
      const text = input.current?.value.trim() ?? '';
      if (text !== '') addByHand(now, section, text);
      writing.value = null;
    }}>
      <label class="field"><span>{t(section.form === 'oneline' ? 'byhand.oneline' : 'byhand.label')}</span>
        <input class="input" name="byhand" ref={input} /></label>
      <button class="btn line" type="submit">{t('byhand.add')}</button>
      <button class="btn" type="button" onClick={close}>{t('byhand.cancel')}</button>
    </form>
  );
}

function Count({ section }: { section: Section }): JSX.Element {
  const suggested = section.picks.filter((pick) => pick.suggested).length;
  return (
    <span>{t('section.count', { n: section.picks.length })}{suggested > 0 && t('section.suggested', { n: suggested })}</span>
  );
}

export function SectionView({ now, section, number }: { now: Draft; section: Section; number: number }): JSX.Element {
  const area = useSectionTarget(section.id);
  const waiting = outbox.value.flatMap(({ key, overlay }) => (
    overlay.kind === 'add' && overlay.section === section.id && overlay.draft === now.id ? [{ key, title: overlay.title }] : []));
  const dropAt = gap.value?.section === section.id ? gap.value.index : -1;
  const line = (index: number): JSX.Element | false => index === dropAt && <li class="drop" key="drop" aria-hidden="true" />;
  return (
    <section class="sec" aria-labelledby={`section-${section.id}`} ref={area}>
      <header><h2 id={`section-${section.id}`}>{section.title}</h2><Count section={section} />
        <button class="btn icon push" type="button" aria-label={t('byhand', { section: section.title })} title={t('byhand', { section: section.title })}
          onClick={() => { writing.value = section.id; }}><Icon name="plus" /></button></header>
      {section.picks.length === 0 && waiting.length === 0 && writing.value !== section.id &&
        <p class="quiet none">{t('section.empty', { n: number })}</p>}
      <ol>
        {section.picks.flatMap((pick, index) => {
          const id = idOf(pick);
          return [line(index), <PickRow key={id} pick={pick} form={section.form} isCursor={cursor.value === id}
            isOpen={open.value === id && !pick.suggested} onOpen={() => openPick(pick)} onClose={close} />];
        })}
        {dropAt >= section.picks.length && line(dropAt)}
        {waiting.map(({ key, title }) => <li class="pick waiting" key={key}><span /><span class="h clip">{title}</span><span class="src">{t('saving')}</span></li>)}
      </ol>
      {writing.value === section.id && <ByHand now={now} section={section} />}
    </section>
  );
}
