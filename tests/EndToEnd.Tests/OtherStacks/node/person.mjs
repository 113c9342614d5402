// Alice and her browser, which keeps the issuer's cookies, follows its redirects and fills in its forms.
import assert from 'node:assert/strict';

const ISSUER = new URL(process.env.LOGIN);

/** Its methods return the page that the browser shows or, without `html`, the address outside the issuer to which it was sent. */
export class Person {
  #cookies = new Map();

  async open(address) {
    return await this.#send(new URL(address), {});
  }

  /** The first form of a page, with its hidden fields and these. */
  async submit(page, fields) {
    const form = page.html.match(/<form[\s\S]*?<\/form>/)[0];
    const action = form.match(/^<form[^>]* action="([^"]*)"/)?.[1];
    return await this.#send(new URL(decode(action ?? ''), page.url), { method: 'POST', body: new URLSearchParams({ ...hidden(form), ...fields }) });
  }

  /** By way of the sign-in page, where nobody is signed in yet. */
  async signIn(address) {
    const page = await this.open(address);
    assert.match(page.html ?? '', /name="password"/, `no sign-in page at ${page.url}`);
    return await this.submit(page, { userName: 'alice', password: 'correct-horse-apple' });
  }

  /** @returns the address of the app to which the sign-in led back, not opened */
  async signInToApp(address) {
    const { url, html } = await this.signIn(address);
    assert.equal(html, undefined, `still at ${url}`);
    return url;
  }

  async #send(url, request) {
    for (let count = 0; count < 10; count++) {
      if (url.origin !== ISSUER.origin) return { url };
      const cookie = [...this.#cookies].map(pair => pair.join('=')).join('; ');
      const answer = await fetch(url, { ...request, redirect: 'manual', headers: { accept: 'text/html', cookie } });
      this.#keep(answer.headers.getSetCookie());
      const location = answer.headers.get('location') ?? answer.headers.get('refresh')?.match(/^0; url=(.*)/)?.[1] ?? null;
      if (location === null) return { url, status: answer.status, html: await answer.text() };
      [url, request] = [new URL(location, url), {}];
    }
    assert.fail(`too many redirects, the last to ${url}`);
  }

  #keep(lines) {
    for (const line of lines) {
      const [, name, value] = line.match(/^([^=]*)=([^;]*)/);
      if (value === '' || /expires=Thu, 01 Jan 1970/i.test(line)) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
  }
}

/** The hidden fields of a form. */
export const hidden = form => Object.fromEntries([...form.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([field]) =>
  [field.match(/name="([^"]*)"/)[1], decode(field.match(/value="([^"]*)"/)?.[1] ?? '')]));

const decode = text => text.replace(/&#x([0-9a-f]+);/gi, (_, code) => String.fromCodePoint(parseInt(code, 16)))
  .replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
