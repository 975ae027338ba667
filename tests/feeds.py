#!/usr/bin/env python3
"""Golden test of `briefd parse`: every feed in tests/feeds against the JSON beside it.

usage: feeds.py BRIEFD [--update] [NAME...]

NAME.xml or NAME.jsonfeed is the input, NAME.json what it must become, NAME.args (one argument a
line) the options. One quirk a file; the name says which. --update rewrites the expectations: read
the difference before you commit it. Inputs too large for a repository are made here (GENERATED).
"""
import argparse, json, pathlib, subprocess, sys, tempfile

FEEDS = pathlib.Path(__file__).resolve().parent / 'feeds'
SECONDS = 10  # what a hostile feed may cost, sanitizers included


def rss(text):
    return f'<rss version="2.0"><channel><title>T</title>{text}</channel></rss>'.encode()


# name -> (input, predicate on the output, what the predicate says)
GENERATED = {
    'nesting_200000_deep_well_formed': (
        rss('<item><description>' + '<b>' * 200000 + '</b>' * 200000 + '</description></item>'),
        lambda d: 'nested' in d['error'], 'the error names the nesting'),
    'nesting_200000_deep_unclosed': (
        rss('<item><title>A</title><description>' + '<b>' * 200000),
        lambda d: 'nested' in d['error'], 'the error names the nesting'),
    'nesting_200000_deep_escaped': (
        rss('<item><title>A</title><description>' + '&lt;b&gt;' * 200000 + '</description></item>'),
        lambda d: d['entries'][0]['title'] == 'A', 'the feed is read'),
    'attributes_100000': (
        rss('<item ' + ' '.join(f'a{i}=">"' for i in range(100000)) + '><title>A</title></item>'),
        lambda d: 'attributes' in d['error'], 'the error names the attributes'),
    'namespaces_2000_in_scope': (
        rss('<item>' + ''.join(f'<a xmlns:a{i}="x" xmlns:b{i}="x" xmlns:c{i}="x" xmlns:d{i}="x" '
                               f'xmlns:e{i}="x">' for i in range(400))),
        lambda d: 'namespaces' in d['error'], 'the error names the namespaces'),
    'comments_unfinished_200000': (
        rss('<item><title>A</title>' + '<!--' * 200000),
        lambda d: d['entries'][0]['title'] == 'A' and d['bozo'], 'the feed is mended in linear time'),
    'cdata_unfinished_100000': (
        rss('<item><title>A</title>' + '<x><![CDATA[</x>' * 100000),
        lambda d: d['entries'][0]['title'] == 'A' and d['bozo'], 'the feed is mended in linear time'),
    'quotes_unfinished_200000': (
        rss('<item><title>A</title>' + '<a b="' * 200000),
        lambda d: 'nested' in d['error'], 'every second tag opens an element'),
    'ampersands_1000000': (
        rss('<item><title>' + '&' * 1000000 + '</title></item>'),
        lambda d: d['entries'][0]['title'] == '&' * 1000000, 'every ampersand is kept'),
    'categories_50000': (
        rss('<item>' + ''.join(f'<category>{i}</category>' for i in range(50000)) + '</item>'),
        lambda d: len(d['entries'][0]['categories']) == 50000, 'all are kept'),
    'items_50000': (
        rss('<item><title>A</title></item>' * 50000),
        lambda d: len(d['entries']) == 50000, 'all are kept'),
    'one_title_of_5_megabytes': (
        rss('<item><title>' + 'word ' * 1000000 + '</title></item>'),
        lambda d: len(d['entries'][0]['title']) == 4999999, 'it is kept'),
    'json_nesting_100000_deep': (
        b'{"version":"https://jsonfeed.org/version/1","items":' + b'[' * 100000,
        lambda d: d['error'], 'it is refused'),
}


def parse(briefd, path, arguments=()):
    """Run the command; an assertion says what it did wrong."""
    done = subprocess.run([briefd, 'parse', str(path), *arguments], stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=SECONDS)
    assert done.stderr == b'', f'wrote to stderr: {done.stderr[:300]!r}'
    document = json.loads(done.stdout.decode('utf-8'))
    assert isinstance(document, dict), 'printed no JSON object'
    assert done.returncode == (1 if document.get('error') else 0), f'exited with {done.returncode}'
    return document


def differences(want, got, path=''):
    if isinstance(want, dict) and isinstance(got, dict):
        for key in sorted(want.keys() | got.keys()):
            yield from differences(want.get(key), got.get(key), f'{path}.{key}'.lstrip('.'))
    elif isinstance(want, list) and isinstance(got, list) and len(want) == len(got):
        for i, (a, b) in enumerate(zip(want, got)):
            yield from differences(a, b, f'{path}[{i}]')
    elif want != got:
        yield f'{path}: want {want!r} got {got!r}'


def check_golden(briefd, source, update):
    arguments_file = source.with_suffix('.args')
    arguments = arguments_file.read_text().splitlines() if arguments_file.exists() else ()
    document = parse(briefd, source, arguments)
    golden = source.with_suffix('.json')
    if update:
        golden.write_text(json.dumps(document, ensure_ascii=False, indent=1) + '\n')
    assert golden.exists(), 'has no expectation; run with --update and read it'
    found = list(differences(json.loads(golden.read_text()), document))
    assert not found, '\n    '.join(found)


def check_generated(briefd, folder, name):
    data, predicate, says = GENERATED[name]
    path = pathlib.Path(folder) / name
    path.write_bytes(data)
    assert predicate(parse(briefd, path)), f'not so: {says}'


def check_file_that_is_not_there(briefd):
    assert 'no-such-file' in parse(briefd, '/no-such-file')['error']


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument('briefd')
    arguments.add_argument('names', nargs='*')
    arguments.add_argument('--update', action='store_true')
    options = arguments.parse_intermixed_args()
    folder = tempfile.TemporaryDirectory()
    sources = sorted([*FEEDS.glob('*.xml'), *FEEDS.glob('*.jsonfeed')])
    checks = {source.stem: lambda s=source: check_golden(options.briefd, s, options.update)
              for source in sources}
    checks |= {name: lambda n=name: check_generated(options.briefd, folder.name, n)
               for name in GENERATED}
    checks['file_that_is_not_there'] = lambda: check_file_that_is_not_there(options.briefd)
    unknown = set(options.names) - checks.keys()
    assert not unknown, f'no such feed: {unknown}'
    failed = 0
    for name in options.names or checks:
        try:
            checks[name]()
        except (AssertionError, ValueError, KeyError, TypeError, IndexError,
                subprocess.TimeoutExpired) as error:
            failed += 1
            print(f'FAIL {name}: {type(error).__name__}: {error}')
    print(f'{len(options.names or checks)} feeds, {failed} failed')
    sys.exit(1 if failed else 0)


if __name__ == '__main__':
    main()
