import './apps.mjs';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as client from 'openid-client';
import { tv } from './apps.mjs';
import { Person } from './person.mjs';

// openid-client waits five seconds before each poll, the default of RFC 8628 3.2.
describe('RFC 8628', { concurrency: true }, () => {
  test('the television gets tokens when the person has said yes', async () => {
    const { config, device } = await ask('yes');
    const tokens = await client.pollDeviceAuthorizationGrant(config, device);
    assert.equal(tokens.claims().name, 'Alice Ahn');
    assert.ok(tokens.refresh_token);
    await assert.rejects(client.pollDeviceAuthorizationGrant(config, device), { name: 'ResponseBodyError', error: 'invalid_grant' });
  });

  test('and an error when the person has said no', async () => {
    const { config, device } = await ask('no');
    await assert.rejects(client.pollDeviceAuthorizationGrant(config, device), { name: 'ResponseBodyError', error: 'access_denied' });
  });

  test('and goes on asking until then', async () => {
    const config = await tv();
    const device = await client.initiateDeviceAuthorization(config, { scope: 'openid' });
    const polling = client.pollDeviceAuthorizationGrant(config, device);
    await new Promise(done => setTimeout(done, 6000));
    await answer(device, 'yes');
    assert.equal((await polling).token_type, 'bearer');
  });
});

async function ask(word) {
  const config = await tv();
  const device = await client.initiateDeviceAuthorization(config, { scope: 'openid profile offline_access' });
  await answer(device, word);
  return { config, device };
}

async function answer(device, word) {
  const alice = new Person();
  const question = await alice.signIn(device.verification_uri_complete);
  assert.match(question.html, /Television/);
  assert.equal((await alice.submit(question, { answer: word })).status, 200);
}
