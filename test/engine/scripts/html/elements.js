// Calls the methods of elements in page.txt. elements.txt contains the output of k6 v2.2.0.
import { parseHTML } from 'k6/html';

const PAGE = open('./page.txt');
// The methods that the engine refuses, by tag; * is for all other tags.
const REFUSED = JSON.parse(__ENV.REFUSED ?? '{}');
const names = [
    'textContent',
    'id',
    "getAttribute:'id'",
    "getAttribute:'zz'",
    "hasAttribute:'id'",
    'hasAttributes',
    'hasChildNodes',
    'nodeName',
    'nodeType',
    'nodeValue',
    'className',
    'classList',
    'lang',
    'innerHTML',
    'toString',
    'namespaceURI',
    'isDefaultNamespace',
    'childElementCount',
    'href',
    'hash',
    'host',
    'hostname',
    'port',
    'protocol',
    'pathname',
    'search',
    'origin',
    'username',
    'password',
    'rel',
    'relList',
    'target',
    'type',
    'download',
    'text',
    'accessKey',
    'hrefLang',
    'hreflang',
    'referrerPolicy',
    'name',
    'value',
    'checked',
    'defaultChecked',
    'defaultValue',
    'disabled',
    'autofocus',
    'required',
    'readOnly',
    'readonly',
    'multiple',
    'maxLength',
    'size',
    'placeholder',
    'pattern',
    'min',
    'max',
    'step',
    'accept',
    'alt',
    'src',
    'width',
    'height',
    'tabIndex',
    'dirName',
    'autocomplete',
    'list.id',
    'form.id',
    'formAction',
    'formMethod',
    'formEnctype',
    'formTarget',
    'formNoValidate',
    'labels.0',
    'options.0',
    'length',
    'selectedIndex',
    'selectedOptions.0',
    'action',
    'method',
    'enctype',
    'encoding',
    'acceptCharset',
    'noValidate',
    'elements.0',
    'validity',
    'rows.0',
    'cols',
    'wrap',
    'autocapitalize',
    'htmlFor',
    'control.id',
    'position',
    'high',
    'low',
    'optimum',
    'currentSrc',
    'sizes',
    'srcset',
    'crossOrigin',
    'isMap',
    'useMap',
    'areas.0',
    'images.0',
    'reversed',
    'start',
    'caption.textContent',
    'thead',
    'tHead.id',
    'tFoot',
    'tBodies.0',
    'sortable',
    'cells.0',
    'rowIndex',
    'sectionRowIndex',
    'cellIndex',
    'colSpan',
    'rowSpan',
    'headers',
    'abbr',
    'scope',
    'sorted',
    'autoplay',
    'controls',
    'loop',
    'muted',
    'preload',
    'mediaGroup',
    'defaultMuted',
    'textTracks.0',
    'kind',
    'srclang',
    'label',
    'default',
    'allowfullscreen',
    'data',
    'typeMustMatch',
    'datetime',
    'dateTime',
    'cite',
    'content',
    'httpEquiv',
    'media',
    'charset',
    'async',
    'defer',
    'noModule',
    'keytype',
    'challenge',
    'span',
    'index',
    'selected',
    'defaultSelected',
    'keySystem',
  ],
  els = [
    'h1',
    '#f',
    '[name=t]',
    '[name=c1]',
    '[name=c4]',
    '[name=s]',
    '[name=sm]',
    '[name=sn]',
    'option:nth-child(2)',
    '[name=ta]',
    '#bt',
    '#lab',
    '#lbl',
    '#inwrap',
    '#fs',
    '#lg',
    '#ou',
    '#me',
    '#pr',
    '#pr2',
    '#a1',
    '#a2',
    '#a3',
    '#a4',
    '#im',
    '#mp',
    'area',
    '#ul',
    '#ul>li',
    '#ol',
    '#tb',
    'thead',
    'tr#tr1',
    'th',
    '#td2',
    'video',
    'track',
    'source',
    'iframe',
    'object',
    'param',
    'canvas',
    'time',
    'del',
    '#qq',
    'data',
    'pre',
    'link',
    'meta',
    'base',
    'script',
    'style',
    'title',
    'body',
    'html',
    'optgroup',
    'datalist',
    'keygen',
    'circle',
    '#emp',
  ];
export default function () {
  const d = parseHTML(PAGE);
  for (const q of els) {
    const e = d.find(q).get(0);
    const out = [];
    if (!e) {
      console.log(`${q} NONE ${e}`);
      continue;
    }
    for (const n of names) {
      const [m, a] = n.split(':');
      const [f, then] = m.split('.');
      if ((REFUSED[e.nodeName()] ?? REFUSED['*'])?.includes(f)) continue;
      if (typeof e[f] !== 'function' || (f === 'innerHTML' && q.length === 4)) continue;
      let v;
      try {
        v = a ? e[f](a.replace(/'/g, '')) : e[f]();
        if (then && v) {
          if (typeof v !== 'object') {
          } else if (then === '0') {
            v = [v.length, v[0]?.textContent()];
          } else v = v[then]();
        }
        v =
          v === undefined
            ? 'undefined'
            : typeof v === 'object' && v && v.nodeName
              ? `<${v.nodeName()}>`
              : JSON.stringify(v);
      } catch (x) {
        v = `THROWS ${String(x).split('\n')[0].slice(0, 80)}`;
      }
      out.push(`${n}=${v}`);
    }
    console.log(`${q} :: ${out.join(' | ')}`);
  }
  const E = (q) => d.find(q).get(0);
  const nn = (x) => (x === undefined ? 'undefined' : x === null ? 'null' : `${x.nodeName()}/${x.nodeType()}`);
  const T = (n, f) => {
    let v;
    try {
      v = f();
      v = v === undefined ? 'undefined' : JSON.stringify(v);
    } catch (x) {
      v = `THROWS ${String(x).split('\n')[0].slice(0, 120)}`;
    }
    console.log(`T ${n} = ${v}`);
  };
  T('tree', () => [
    nn(E('h1').firstChild()),
    nn(E('h1').lastChild()),
    nn(E('h1').firstElementChild()),
    nn(E('h1').lastElementChild()),
    nn(E('b').nextSibling()),
    nn(E('b').previousSibling()),
    nn(E('b').nextElementSibling()),
    nn(E('b').previousElementSibling()),
    nn(E('b').parentNode()),
    nn(E('b').parentElement()),
    nn(E('html').parentElement()),
    nn(E('html').parentNode()),
    nn(E('b').ownerDocument()),
  ]);
  T('empty firstElementChild', () => nn(E('#emp').firstElementChild()));
  T('doctype', () => nn(E('html').parentNode().firstChild()));
  T('doc lastChild', () => nn(E('html').parentNode().lastChild()));
  T('childNodes', () =>
    E('h1')
      .childNodes()
      .map((x) => `${x.nodeName()}:${x.nodeValue()}`),
  );
  T('children', () =>
    E('h1')
      .children()
      .map((x) => x.nodeName()),
  );
  T('contains', () => [
    E('body').contains(E('h1')),
    E('h1').contains(E('h1')),
    E('h1').contains(E('body')),
    E('h1').contains(5),
  ]);
  T('same', () => [
    E('h1').isSameNode(E('h1')),
    E('h1').isSameNode(E('b')),
    E('h1').isSameNode(1),
    E('#emp').isEqualNode(E('#a3')),
    E('h1').isEqualNode(E('h1')),
    E('h1').isEqualNode(2),
  ]);
  T('matches', () => [E('h1').matches('h1'), E('h1').matches('p')]);
  T('qs', () => [
    nn(E('body').querySelector('li')),
    nn(E('body').querySelector('nope')),
    E('body').querySelectorAll('li').length,
    E('body').getElementsByClassName('sel').length,
    E('body').getElementsByTagName('li').length,
    E('body').querySelectorAll('nope').length,
  ]);
  T('selection', () => [E('h1').selection().size(), E('#ul').selection().find('li').size()]);
  T('comment', () =>
    E('body')
      .childNodes()
      .filter((x) => x.nodeType() === 8)
      .map((x) => [x.nodeName(), x.nodeValue(), x.textContent(), String(x.toString())]),
  );
  T('String', () => [String(E('h1')), E('a').toString(), `${E('p')}`]);
  T('noclass', () => [E('h1').classList(), E('h1').className(), E('h1').lang(), E('html').lang()]);
  T('text node', () => {
    const t = E('h1').firstChild();
    return [t.textContent(), t.nodeValue(), t.nodeType(), t.nodeName(), t.toString(), t.hasAttributes(), t.innerHTML()];
  });
}
