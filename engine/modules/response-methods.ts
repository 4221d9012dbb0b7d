import { GoError } from '../base/errors.ts';
import { goText } from '../base/go-format.ts';
import type { Steps } from '../blocking/carried.ts';
import { parseHtml, type Selection } from '../html/parse-html.ts';
import type { Response } from '../http/start-request.ts';
import { encodeQuery } from '../net/go-escape.ts';
import { inSteps } from '../vu/in-steps.ts';
import type { Vu } from '../vu/vu.ts';
import { type Send, waitFor } from './wait-for.ts';

/** Options for `submitForm()`: which form to submit, values that override its fields, and the submit button. */
interface FormOptions {
  readonly formSelector?: string;
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly submitSelector?: string;
  readonly params?: unknown;
}

interface LinkOptions {
  readonly selector?: string;
  readonly params?: unknown;
}

/** The methods `html()`, `submitForm()` and `clickLink()`. All responses of a VU share them. */
export function responseMethods(vu: Vu, send: Send) {
  function htmlOf(response: Response, selector?: unknown): Selection {
    if (response.body === null) throw new GoError("the body is null so we can't transform it to HTML");
    const body =
      typeof response.body === 'string' ? response.body : Buffer.from(response.body as ArrayBuffer).toString();
    const page = parseHtml(vu, body, response.url);
    return selector === undefined ? page : page.find(goText(selector));
  }

  function html(this: unknown, selector?: unknown): Selection {
    return htmlOf(asResponse(this), selector);
  }

  function* submitForm(this: unknown, options: FormOptions = {}): Steps {
    const response = asResponse(this);
    const selector = options.formSelector ?? 'form';
    const form = htmlOf(response, selector);
    if (form.size() === 0) throw new GoError(`no form found for selector '${selector}' in response '${response.url}'`);
    const method = String(form.attr('method', 'GET')).toUpperCase();
    const action = form.attr('action');
    const url = new URL(action === undefined || action === '' ? response.url : String(action), response.url);
    const submit = form.find(options.submitSelector ?? '[type="submit"]').first();
    const [pressed, value] = [submit.attr('name'), submit.val()];
    const fields = {
      ...form.serializeObject(),
      ...(pressed !== undefined && value !== undefined && { [String(pressed)]: value }),
      ...options.fields,
    };
    if (method !== 'GET') return yield waitFor(send, method, url.href, fields, options.params);
    // The new query replaces any query in the form's URL.
    url.search = encodeQuery(Object.entries(fields).map(([name, item]) => [name, String(item)]));
    return yield waitFor(send, method, url.href, undefined, options.params);
  }

  function* clickLink(this: unknown, options: LinkOptions = {}): Steps {
    const response = asResponse(this);
    const selector = options.selector ?? 'a[href]';
    const link = htmlOf(response, selector);
    if (link.size() === 0)
      throw new GoError(`no element found for selector '${selector}' in response '${response.url}'`);
    const href = link.attr('href');
    if (href === undefined) {
      throw new GoError(`no valid href attribute value found on element '${selector}' in response '${response.url}'`);
    }
    const url = new URL(String(href), response.url).href;
    return yield waitFor(send, 'GET', url, undefined, options.params);
  }

  return { html, submitForm: inSteps(vu, submitForm), clickLink: inSteps(vu, clickLink) };
}

function asResponse(self: unknown): Response {
  if (self !== null && typeof self === 'object' && 'status' in self && 'body' in self) return self as Response;
  throw new TypeError('html(), submitForm() and clickLink() must be called as methods of a response');
}
