// Calls the methods of selections in page.txt. selection.txt contains the output of k6 v2.2.0.
import { parseHTML } from 'k6/html';

const PAGE = open('./page.txt');
function show(name, f) {
  let v;
  try {
    v = f();
    v = v === undefined ? 'undefined' : JSON.stringify(v);
  } catch (e) {
    v = `THROWS ${String(e).split('\n')[0].slice(0, 160)}`;
  }
  console.log(`${name} = ${v}`);
}
export default function () {
  const d = parseHTML(PAGE);
  const S = (n, f) => show(`S.${n}`, f);
  const ids = (s) => s.toArray().map((x) => x.attr('id') || x.text());
  S('text title', () => d.find('title').text());
  S('html title', () => d.find('title').html());
  S('script text', () => d.find('script').text());
  S('style text', () => d.find('style').text());
  S('h1 html', () => d.find('h1').html());
  S('h1 text', () => d.find('h1').text());
  S('head html', () => d.find('head').html());
  S('none html', () => d.find('nope').html());
  S('none text', () => d.find('nope').text());
  S('none attr', () => d.find('nope').attr('x'));
  S('none val', () => d.find('nope').val());
  S('ta html', () => d.find('[name=ta]').html());
  S('pre html', () => d.find('#pe').html());
  S('svg html', () => d.find('#sv').html());
  S('body len', () => d.find('body').html().length);
  S('doc html', () => d.html().slice(0, 120));
  for (const n of ['t', 'n', 'c1', 'c3', 'c4', 'r', 'r2', 's', 'sm', 'sn', 'smn', 'ta', 'ta2', 'sub', 'btn', 'hid'])
    S(`val ${n}`, () => d.find(`[name=${n}]`).val());
  S('val h1', () => d.find('h1').val());
  S('val option', () => d.find('option').eq(1).val());
  S('val default', () => d.find('h1').val('def'));
  S('html default', () => d.find('nope').html('def'));
  S('ser', () => d.find('#f').serialize());
  S('serA', () => d.find('#f').serializeArray());
  S('serO', () => Object.entries(d.find('#f').serializeObject()).sort());
  S('ser inputs', () => d.find('input').serialize());
  S('ser none', () => d.find('h1').serialize());
  S('ser doc', () => d.serialize());
  S('attr def', () => [
    d.find('h1').attr('id'),
    d.find('h1').attr('zz'),
    d.find('h1').attr('zz', 'def'),
    d.find('h1').attr('zz', 5),
  ]);
  S('data', () => Object.entries(d.find('body').data()).sort());
  for (const k of ['aBC', 'a-b-c', 'userId', 'userID', 'user-id', 'x', 'y', 'z', 'j', 'bad', 'e', 'nope'])
    S(`data ${k}`, () => d.find('body').data(k));
  S('data none', () => d.find('nope').data());
  S('data noattr', () => d.find('b').data());
  S('size', () => d.find('li').size());
  S('length', () => typeof d.find('li').length);
  S('eq', () => [d.find('#ul li').eq(1).text(), d.find('#ul li').eq(-1).text(), d.find('#ul li').eq(9).size()]);
  S('get', () => [
    typeof d.find('#ul li').get(0),
    d.find('#ul li').get(-1).textContent(),
    d.find('#ul li').get(9),
    d.find('#ul li').get(-4),
    d.find('#ul li').get().length,
  ]);
  S('slice', () => [
    ids(d.find('#ul li').slice(1, 3)),
    ids(d.find('#ul li').slice(2)),
    ids(d.find('#ul li').slice(-2)),
    ids(d.find('#ul li').slice(0, 99)),
  ]);
  S('slice neg', () => ids(d.find('#ul li').slice(0, -1)));
  S('index', () => [
    d.find('.sel').index(),
    d.find('#ul li').index(d.find('.x')),
    d.find('#ul li').index('li'),
    d.find('#ul li').index(d.find('.x').get(0)),
    d.find('h1').index('p'),
  ]);
  S('add', () => ids(d.find('#h').add('#emp')));
  S('add sel', () => ids(d.find('#h').add(d.find('#emp'))));
  S('add el', () => ids(d.find('#h').add(d.find('#emp').get(0))));
  S('add num', () => ids(d.find('#h').add(5)));
  S('siblings', () => ids(d.find('#ul li').eq(0).siblings()));
  S('siblings f', () => ids(d.find('#ul li').eq(0).siblings('.sel')));
  S('end', () => d.find('#ul').find('li').end().attr('id'));
  S('end2', () => d.find('#ul').find('li').first().end().size());
  S('end top', () => d.end().size());
  S('single', () => d.single('li').size());
  S('closest', () => [
    d.find('#td2').closest('table').attr('id'),
    d.find('#td2').closest('td').attr('id'),
    d.find('#td2').closest('nope').size(),
  ]);
  S('has', () => ids(d.find('table, ul').has('td')));
  S('has sel', () => ids(d.find('table, ul').has(d.find('#td2'))));
  S('not', () => ids(d.find('#ul li').not('.sel')));
  S('not fn', () => ids(d.find('#ul li').not((i, _e) => i === 0)));
  S('filter', () => ids(d.find('#ul li').filter('.sel')));
  S('filter fn', () => ids(d.find('#ul li').filter((i) => i > 1)));
  S('filter sel', () => ids(d.find('#ul li').filter(d.find('.sel'))));
  S('filter el', () => ids(d.find('#ul li').filter(d.find('.sel').get(0))));
  S('filter fn arg', () => {
    let r;
    d.find('.x').filter((_i, e) => {
      r = [
        typeof e,
        e.text(),
        e.attr('class'),
        e.attr('zz'),
        typeof e.hasClass === 'function' && e.hasClass('x'),
        e.length?.(),
        typeof e.is,
        e.size?.(),
      ];
      return true;
    });
    return r;
  });
  S('is', () => [
    d.find('h1').is('h1'),
    d.find('h1').is('p'),
    d.find('h1').is((i) => i === 0),
    d.find('#ul li').is(d.find('.x')),
  ]);
  S('is num', () => d.find('h1').is(5));
  S('each', () => {
    const r = [];
    d.find('#ul li').each((i, e) => {
      r.push(i + e.textContent() + typeof e.text);
      return false;
    });
    return r;
  });
  S('each ret', () =>
    d
      .find('#ul li')
      .each(() => {})
      .size(),
  );
  S('each nofn', () => d.find('li').each(5));
  S('each catch', () => {
    try {
      d.find('#ul li').each(() => {
        throw new TypeError('boom');
      });
    } catch (e) {
      return [e.name, e.message.split(' at ')[0], e instanceof Error, e instanceof TypeError];
    }
  });
  S('map', () => d.find('#ul li').map((i, e) => i + e.text()));
  S('map undef', () => d.find('#ul li').map((i) => (i % 2 ? i : undefined)));
  S('map throws', () =>
    d.find('#ul li').map((i) => {
      if (i === 1) throw new Error('x');
      return i;
    }),
  );
  S('map nofn', () => d.find('li').map('x'));
  S('map none', () => d.find('nope').map(() => 1));
  S('toArray', () =>
    d
      .find('#ul li')
      .toArray()
      .map((x) => x.text()),
  );
  S('map isArray', () => Array.isArray(d.find('#ul li').map(() => 1)));
  S('next', () => [
    ids(d.find('.sel').next()),
    ids(d.find('#ul li').first().next('.sel')),
    ids(d.find('#ul li').first().nextAll()),
    ids(d.find('#ul li').first().nextAll('.x')),
    ids(d.find('#ul li').last().prevAll()),
    ids(d.find('#ul li').last().prev()),
    ids(d.find('#ul li').last().prevAll('.sel')),
  ]);
  S('until', () => [
    ids(d.find('#ul li').first().nextUntil('.x')),
    ids(d.find('#ul li').first().nextUntil()),
    ids(d.find('#ul li').first().nextUntil(null, '.sel')),
    ids(d.find('#ul li').last().prevUntil('.sel')),
    ids(d.find('#ul li').first().nextUntil(d.find('.x'))),
    d.find('#td2').parentsUntil('table').size(),
    d.find('#td2').parentsUntil('table', 'tr').size(),
  ]);
  S('until num', () => d.find('#td2').parentsUntil(5).size());
  S('parent', () => [
    d.find('#td2').parent().attr('id'),
    d.find('#td2').parent('.nope').size(),
    d.find('#td2').parents().size(),
    d.find('#td2').parents('tr').attr('id'),
    d.find('html').parent().size(),
    d.find('html').parents().size(),
  ]);
  S('children', () => [
    d.find('#ul').children().size(),
    d.find('#ul').children('.sel').size(),
    d.children().size(),
    d.contents().size(),
    d.find('h1').contents().size(),
  ]);
  S('find sel', () => d.find('#ul').find(d.find('.sel')).size());
  S('find num', () => d.find(5));
  S('find undef', () => d.find());
  S('find null', () => d.find(null));
  for (const q of [
    'li:first',
    'li:eq(1)',
    'li:first-child',
    'li:nth-child(2)',
    'li:last',
    'input[',
    '::',
    '',
    'a[href^=http]',
    'a[href!="x"]',
    'a:contains("chor")',
    'option:selected',
    ':input',
    'input:checked',
    'li:not(.sel)',
    'ul > li',
    'ul:has(.x)',
    ':header',
    'li.sel, h1',
    '*',
    'input:disabled',
    'LI',
    '[type="submit" i]',
    'li:even',
    'p:empty',
    ':root',
    'li:only-child',
    'input:text',
    'li:nth-of-type(odd)',
    '#ul li + li',
    '#h ~ form',
    'h1:is(h1)',
    'li:gt(1)',
  ])
    S(`q ${q}`, () => d.find(q).size());
  S('url', () => [d.url, typeof d.find('a').url]);
  S('frag', () => parseHTML('<p>x').find('p').size());
  S('parse num', () => parseHTML(5).text());
  S('parse undef', () => parseHTML().text());
  S('parse null', () => parseHTML(null).text());
  S('td only', () => parseHTML('<td>x</td>').find('td').size());
  S('nbsp', () => [
    parseHTML('<p>a&nbsp;b&lt;</p>').find('p').text(),
    parseHTML('<p>a&nbsp;b&lt;&copy;é😀</p>').find('p').html(),
  ]);
  S('crlf', () => parseHTML('<p>a\r\nb</p>').find('p').html());
  S('attr esc', () => parseHTML('<div><p t="a\'b&quot;<>&amp;"></p></div>').find('div').html());
  S('comment', () => parseHTML('<div><!-- a > b --></div>').find('div').html());
  S('noscript', () => [
    parseHTML('<noscript><p>x</p></noscript>').find('noscript').text(),
    parseHTML('<noscript><p>x</p></noscript>').find('p').size(),
  ]);
  S('template', () => [
    parseHTML('<template><p>x</p></template>').find('p').size(),
    parseHTML('<div><template><p>x</p></template></div>').find('div').html(),
  ]);
  S('void', () => parseHTML('<div><br><img src=x><input disabled><p/></div>').find('div').html());
  S('entities in attr', () => parseHTML('<a href="?a=1&copy=2">').find('a').attr('href'));
  S('tostring', () => String(d.find('h1')));
  S('json', () => JSON.stringify(d.find('h1')));
}
