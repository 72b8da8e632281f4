// Signs the sample webhooks with the vendors' own libraries, bends the results, and notes what those libraries think of
// each. A vector is kept only if its expected code and the library's opinion agree: accepted, or anything else.
import { createHash, createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, sign as signWith } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import Stripe from 'stripe';
import { sign as githubSign, verify as githubVerify } from '@octokit/webhooks-methods';
import '@shopify/shopify-api/adapters/web-api';
import { shopifyApi, ApiVersion, LogSeverity } from '@shopify/shopify-api';
import bolt from '@slack/bolt/dist/receivers/verify-request.js';
import { Webhook } from 'standardwebhooks';
import hubspot from '@hubspot/api-client';
import sendgrid from '@sendgrid/eventwebhook';

// stripe-customer.created.json lies in mappings/stripe/samples
const sampleOf = (name) =>
  new URL(`../../../mappings/${name.split('-')[0]}/samples/${name.slice(name.indexOf('-') + 1)}`, import.meta.url);
const OUT = new URL('../resources/webhooks/vectors.json', import.meta.url);
const NOW = Date.parse('2026-11-21T09:30:00Z');
const URL_CALLED = 'https://hub.example.com/webhooks/hubspot?account=eu';
const { Signature } = hubspot;
const { isValidSlackRequest } = bolt;
const { EventWebhook } = sendgrid;
const versions = JSON.parse(readFileSync(new URL('package.json', import.meta.url))).dependencies;
const stripe = new Stripe('sk_test_not_a_real_key');

Date.now = () => NOW; // the libraries that take no time ask this

const attempt = async (check) => {
  try {
    return (await check()) !== false;
  } catch {
    return false;
  }
};
const at = (seconds) => NOW / 1000 + seconds;
const hmac = (secret, text, encoding, hash = 'sha256') => createHmac(hash, secret).update(text).digest(encoding);
const FORMULA = 'documented formula';

/** The same Ed25519 key each time, from a seed that is no secret; P-256 signatures differ from run to run anyway. */
const ed25519 = (seed) => createPrivateKey({
  key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), createHash('sha256').update(seed).digest()]),
  format: 'der', type: 'pkcs8',
});
const raw = (key) => createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
const ours = ed25519('obviously not a real key');
const another = ed25519('quite another key');
const ecdsa = { ours: generateKeyPairSync('ec', { namedCurve: 'P-256' }), another: generateKeyPairSync('ec', { namedCurve: 'P-256' }) };
const MANDRILL = `mandrill_events=${encodeURIComponent(JSON.stringify([{ event: 'send', ts: 1755810000, _id: 'a', msg: { email: 'zo\u00eb@example.com', subject: 'a & b = c' } }]))}`;

/** For each scheme: its library, how a request is signed at a time, and what the library says to a request. */
const SCHEMES = {
  stripe: {
    library: 'stripe',
    secret: 'whsec_obviously_not_a_real_secret',
    bodies: ['stripe-customer.created.json', 'stripe-invoice.payment_failed.json', 'stripe-checkout.session.completed.json'],
    sign: ({ body, secret, seconds }) => ({
      'Stripe-Signature': stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp: seconds }),
    }),
    accepts: ({ body, headers, secret }) =>
      attempt(() => stripe.webhooks.constructEvent(body, headers['Stripe-Signature'], secret, undefined, undefined, NOW) && true),
    signature: { header: 'Stripe-Signature', start: 'v1=' },
    time: { header: 'Stripe-Signature', future: 'accepted' },
  },
  github: {
    library: '@octokit/webhooks-methods',
    secret: 'obviously-not-a-real-github-secret',
    bodies: ['github-issues.opened.json', 'github-push.json', 'github-pull_request.closed.json', 'github-ping.json'],
    sign: async ({ body, secret }) => ({ 'X-Hub-Signature-256': await githubSign(secret, body) }),
    accepts: ({ body, headers, secret }) => attempt(() => githubVerify(secret, body, headers['X-Hub-Signature-256'])),
    signature: { header: 'X-Hub-Signature-256', start: 'sha256=' },
  },
  shopify: {
    library: '@shopify/shopify-api',
    secret: 'shpss_obviously_not_a_real_secret',
    bodies: ['shopify-orders.create.json'],
    sign: ({ body, secret }) => ({ 'X-Shopify-Hmac-Sha256': hmac(secret, body, 'base64') }),
    accepts: ({ body, headers, secret }) =>
      attempt(async () => {
        const api = shopifyApi({
          apiKey: 'key', apiSecretKey: secret, hostName: 'hub.example.com', isEmbeddedApp: false,
          apiVersion: Object.values(ApiVersion)[0], logger: { level: LogSeverity.Error, log: () => {} },
        });
        const rawRequest = new Request('https://hub.example.com/webhooks/shopify', {
          method: 'POST',
          headers: {
            'X-Shopify-Topic': 'orders/create', 'X-Shopify-Shop-Domain': 'example.myshopify.com',
            'X-Shopify-API-Version': '2026-07', 'X-Shopify-Webhook-Id': 'w1', ...headers,
          },
        });
        return (await api.webhooks.validate({ rawBody: body, rawRequest })).valid;
      }),
    signature: { header: 'X-Shopify-Hmac-Sha256', start: '' },
  },
  slack: {
    library: '@slack/bolt',
    secret: 'obviously0not0a0real0slack0secret',
    bodies: ['slack-event_callback.message.json', 'slack-url_verification.json'],
    sign: ({ body, secret, seconds }) => ({
      'X-Slack-Request-Timestamp': String(seconds),
      'X-Slack-Signature': `v0=${hmac(secret, `v0:${seconds}:${body}`, 'hex')}`,
    }),
    accepts: ({ body, headers, secret }) =>
      attempt(() => isValidSlackRequest({
        signingSecret: secret, body, nowMilliseconds: NOW,
        headers: {
          'x-slack-signature': headers['X-Slack-Signature'],
          'x-slack-request-timestamp': Number.parseInt(headers['X-Slack-Request-Timestamp'], 10),
        },
      })),
    signature: { header: 'X-Slack-Signature', start: 'v0=' },
    time: { header: 'X-Slack-Request-Timestamp', future: 'accepted' },
  },
  hubspot_v3: {
    library: '@hubspot/api-client',
    secret: 'obviously-not-a-real-hubspot-secret',
    bodies: ['hubspot-contact.batch.json'],
    sign: ({ body, secret, seconds }) => ({
      'X-HubSpot-Request-Timestamp': String(seconds * 1000),
      'X-HubSpot-Signature-v3': Signature.getSignature('POST', 'v3', {
        clientSecret: secret, url: URL_CALLED, requestBody: body, timestamp: seconds * 1000, signature: '',
      }),
    }),
    accepts: ({ body, headers, secret, method, url }) =>
      attempt(() => Signature.isValid({
        method, signatureVersion: 'v3', clientSecret: secret, url, requestBody: body,
        signature: headers['X-HubSpot-Signature-v3'], timestamp: Number(headers['X-HubSpot-Request-Timestamp']),
      })),
    signature: { header: 'X-HubSpot-Signature-v3', start: '' },
    time: { header: 'X-HubSpot-Request-Timestamp', future: 'accepted' },
  },
  standard_webhooks: {
    library: 'standardwebhooks',
    secret: `whsec_${Buffer.from('obviously not a real secret').toString('base64')}`,
    bodies: ['bigcommerce-store.order.created.json'],
    sign: ({ body, secret, seconds }) => ({
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(seconds),
      'webhook-signature': new Webhook(secret).sign('msg_1', new Date(seconds * 1000), body),
    }),
    accepts: ({ body, headers, secret }) => attempt(() => new Webhook(secret).verify(body, headers) && true),
    signature: { header: 'webhook-signature', start: 'v1,' },
    time: { header: 'webhook-timestamp', future: 'future' },
  },
  bigcommerce: {
    library: 'standardwebhooks',
    secret: 'obviously-not-a-real-client-secret',
    bodies: ['bigcommerce-store.order.created.json'],
    sign: ({ body, secret, seconds }) => ({
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(seconds),
      'webhook-signature': new Webhook(Buffer.from(secret).toString('base64')).sign('msg_1', new Date(seconds * 1000), body),
    }),
    accepts: ({ body, headers, secret }) => attempt(() => new Webhook(Buffer.from(secret).toString('base64')).verify(body, headers) && true),
    signature: { header: 'webhook-signature', start: 'v1,' },
    time: { header: 'webhook-timestamp', future: 'future' },
  },
  standard_webhooks_v1a: {
    library: FORMULA,
    secret: `whpk_${raw(ours)}`,
    bodies: ['bigcommerce-store.order.created.json'],
    sign: ({ body, secret, seconds }) => ({
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(seconds),
      'webhook-signature': `v1a,${signWith(null, Buffer.from(`msg_1.${seconds}.${body}`), secret === OTHER ? another : ours).toString('base64')}`,
    }),
    signature: { header: 'webhook-signature', start: 'v1a,' },
    time: { header: 'webhook-timestamp', future: 'future' },
    publicKey: true,
  },
  sendgrid: {
    library: '@sendgrid/eventwebhook',
    secret: ecdsa.ours.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    bodies: ['hubspot-contact.batch.json'],
    sign: ({ body, secret, seconds }) => ({
      'X-Twilio-Email-Event-Webhook-Timestamp': String(seconds),
      'X-Twilio-Email-Event-Webhook-Signature': signWith('sha256', Buffer.from(seconds + body), (secret === OTHER ? ecdsa.another : ecdsa.ours).privateKey).toString('base64'),
    }),
    accepts: ({ body, headers, secret }) => attempt(() => {
      const webhook = new EventWebhook();
      return webhook.verifySignature(webhook.convertPublicKeyToECDSA(secret), body,
        headers['X-Twilio-Email-Event-Webhook-Signature'], headers['X-Twilio-Email-Event-Webhook-Timestamp']);
    }),
    signature: { header: 'X-Twilio-Email-Event-Webhook-Signature', start: '' },
    time: { header: 'X-Twilio-Email-Event-Webhook-Timestamp', future: 'future', past: 86400, unchecked: true },
    publicKey: true,
  },
  hubspot_v1: {
    library: '@hubspot/api-client',
    section: 'scheme: digest, header: X-HubSpot-Signature, signed: "{secret}{body}"',
    secret: 'obviously-not-a-real-hubspot-secret',
    bodies: ['hubspot-contact.batch.json'],
    sign: ({ body, secret }) => ({
      'X-HubSpot-Signature': Signature.getSignature('POST', 'v1', { clientSecret: secret, requestBody: body, signature: '' }),
    }),
    accepts: ({ body, headers, secret }) =>
      attempt(() => Signature.isValid({ signatureVersion: 'v1', clientSecret: secret, requestBody: body, signature: headers['X-HubSpot-Signature'] })),
    signature: { header: 'X-HubSpot-Signature', start: '', anyCase: true },
  },
  hubspot_v2: {
    library: '@hubspot/api-client',
    section: 'scheme: digest, header: X-HubSpot-Signature, signed: "{secret}{method}{url}{body}"',
    secret: 'obviously-not-a-real-hubspot-secret',
    bodies: ['hubspot-contact.batch.json'],
    sign: ({ body, secret }) => ({
      'X-HubSpot-Signature': Signature.getSignature('POST', 'v2', { clientSecret: secret, url: URL_CALLED, requestBody: body, signature: '' }),
    }),
    accepts: ({ body, headers, secret, method, url }) =>
      attempt(() => Signature.isValid({ method, signatureVersion: 'v2', clientSecret: secret, url, requestBody: body, signature: headers['X-HubSpot-Signature'] })),
    signature: { header: 'X-HubSpot-Signature', start: '', anyCase: true, signsAddress: true },
  },
  calendly: {
    library: FORMULA,
    section: 'scheme: hmac, header: Calendly-Webhook-Signature, separator: ",", prefix: "v1=", signed: "{timestamp}.{body}", timestamp_header: Calendly-Webhook-Signature, timestamp_prefix: "t=", tolerance: 3m',
    secret: 'obviously-not-a-real-calendly-key',
    bodies: ['stripe-customer.created.json'],
    sign: ({ body, secret, seconds }) => ({ 'Calendly-Webhook-Signature': `t=${seconds},v1=${hmac(secret, `${seconds}.${body}`, 'hex')}` }),
    signature: { header: 'Calendly-Webhook-Signature', start: 'v1=', anyCase: true, list: [',', 'v1=00'] },
    time: { header: 'Calendly-Webhook-Signature', future: 'future', past: 180 },
  },
  zendesk: {
    library: FORMULA,
    section: 'scheme: hmac, header: X-Zendesk-Webhook-Signature, encoding: base64, signed: "{timestamp}{body}", timestamp_header: X-Zendesk-Webhook-Signature-Timestamp, timestamp_unit: rfc3339',
    secret: 'obviously-not-a-real-zendesk-secret',
    bodies: ['github-ping.json'],
    sign: ({ body, secret, seconds }) => {
      const time = new Date(seconds * 1000).toISOString().replace('.000', '');
      return { 'X-Zendesk-Webhook-Signature-Timestamp': time, 'X-Zendesk-Webhook-Signature': hmac(secret, time + body, 'base64') };
    },
    signature: { header: 'X-Zendesk-Webhook-Signature', start: '' },
    time: { header: 'X-Zendesk-Webhook-Signature-Timestamp', future: 'future' },
  },
  woocommerce: {
    library: FORMULA,
    section: 'scheme: hmac, header: X-WC-Webhook-Signature, encoding: base64',
    secret: 'obviously-not-a-real-woocommerce-secret',
    bodies: ['shopify-orders.create.json'],
    sign: ({ body, secret }) => ({ 'X-WC-Webhook-Signature': hmac(secret, body, 'base64') }),
    signature: { header: 'X-WC-Webhook-Signature', start: '' },
  },
  intercom: {
    library: FORMULA,
    section: 'scheme: hmac, algorithm: sha1, header: X-Hub-Signature, prefix: "sha1="',
    secret: 'obviously-not-a-real-intercom-secret',
    bodies: ['github-ping.json'],
    sign: ({ body, secret }) => ({ 'X-Hub-Signature': `sha1=${hmac(secret, body, 'hex', 'sha1')}` }),
    signature: { header: 'X-Hub-Signature', start: 'sha1=', anyCase: true },
  },
  pagerduty: {
    library: FORMULA,
    section: 'scheme: hmac, header: X-PagerDuty-Signature, separator: ",", prefix: "v1="',
    secret: 'obviously-not-a-real-pagerduty-secret',
    bodies: ['github-ping.json'],
    sign: ({ body, secret }) => ({ 'X-PagerDuty-Signature': `v1=${hmac(secret, body, 'hex')}` }),
    signature: { header: 'X-PagerDuty-Signature', start: 'v1=', anyCase: true, list: [',', 'v1=00'] },
  },
  mandrill: {
    library: FORMULA,
    section: 'scheme: hmac, algorithm: sha1, header: X-Mandrill-Signature, encoding: base64, signed: "{url}{form}"',
    secret: 'obviously-not-a-real-mandrill-key',
    bodies: [],
    texts: { 'a form': MANDRILL, 'a form of two fields': `z=1&${MANDRILL}` },
    sign: ({ body, secret }) => ({
      'X-Mandrill-Signature': hmac(secret, URL_CALLED + [...new URLSearchParams(body)].sort(([a], [b]) => (a < b ? -1 : 1)).flat().join(''), 'base64', 'sha1'),
    }),
    signature: { header: 'X-Mandrill-Signature', start: '', signsAddress: true },
  },
};

const OTHER = 'quite-another-secret';
const swapCase = (text) => text.replace(/[a-zA-Z]/g, (c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase()));

/** The signature alone, cut out of its header and put back changed. */
const resign = (scheme, headers, change) => {
  const { header, start } = scheme.signature;
  const from = headers[header].indexOf(start) + start.length;
  return { ...headers, [header]: headers[header].slice(0, from) + change(headers[header].slice(from)) };
};
const without = (headers, name) => Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name));

/** Every way a request of one scheme is bent: what it is called, the code expected, what differs from the rightly signed. */
async function* variants(scheme, body) {
  const signed = (seconds = at(0), secret = scheme.secret) => scheme.sign({ body, secret, seconds });
  const right = await signed();
  const otherSecret = scheme.secret.startsWith('whsec_') && scheme.library === 'standardwebhooks'
    ? `whsec_${Buffer.from('quite another secret').toString('base64')}` : OTHER;
  const { header, start } = scheme.signature;

  yield ['as it was signed', 'accepted', { headers: right }];
  yield ['with header names in lower case', 'accepted', { headers: right, lowerCaseNames: true }];
  yield ['with a space after the body', 'mismatch', { headers: right, append: ' ' }];
  yield ['signed with another secret', 'mismatch', { headers: await signed(at(0), otherSecret) }];
  if (!scheme.signature.anyCase) yield ['with the signature in the other case', 'mismatch', { headers: resign(scheme, right, swapCase) }];
  yield ['with the signature cut short', 'mismatch', { headers: resign(scheme, right, (s) => s.slice(0, scheme.publicKey ? -9 : -1)) }];
  yield ['with something behind the signature', 'mismatch', { headers: resign(scheme, right, (s) => `${s}0`), ours: scheme.publicKey }];
  yield ['with a signature of zeros', 'mismatch', { headers: resign(scheme, right, (s) => '0'.repeat(s.length)) }];
  yield ['without the signature header', 'missing', { headers: without(right, header) }];
  yield ['with an empty signature header', 'missing', { headers: { ...right, [header]: '' } }];
  if (start) {
    yield ['with the version in capitals', 'malformed', { headers: { ...right, [header]: right[header].replace(start, start.toUpperCase()) } }];
    yield ['with the version alone', 'malformed', { headers: resign(scheme, right, () => '') }];
    yield ['without the version', 'malformed', { headers: { ...right, [header]: right[header].replace(start, '') } }];
  }
  const list = scheme.signature.list ?? { 'Stripe-Signature': [',', 'v1=00'], 'webhook-signature': [' ', `${start}00`] }[header];
  if (list) {
    const [separator, wrong] = list;
    const entries = right[header].split(separator);
    yield ['with a wrong signature before the right one', 'accepted', { headers: { ...right, [header]: [...entries.slice(0, -1), wrong, ...entries.slice(-1)].join(separator) } }];
    yield ['with a wrong signature behind the right one', 'accepted', { headers: { ...right, [header]: [...entries, wrong].join(separator) } }];
  }
  if (scheme.time) {
    const { past = 300, unchecked } = scheme.time;
    yield [`signed ${past} s ago`, 'accepted', { headers: await signed(at(-past)) }];
    yield [`signed ${past + 1} s ago`, 'stale', { headers: await signed(at(-past - 1)), unchecked }];
    yield [`signed for ${past} s from now`, 'accepted', { headers: await signed(at(past)) }];
    yield [`signed for ${past + 1} s from now`, scheme.time.future, { headers: await signed(at(past + 1)), unchecked }];
    const later = await signed(at(1));
    if (scheme.time.header !== header) {
      yield ['with another time than was signed', 'mismatch', { headers: { ...right, [scheme.time.header]: later[scheme.time.header] } }];
      yield ['without the time', 'missing', { headers: without(right, scheme.time.header) }];
      yield ['with a time that is no number', 'malformed', { headers: { ...right, [scheme.time.header]: 'soon' } }];
    } else {
      yield ['with another time than was signed', 'mismatch', { headers: { ...right, [header]: right[header].replace(/t=\d+/, `t=${at(1)}`) } }];
      yield ['without the time', 'missing', { headers: { ...right, [header]: right[header].replace(/t=\d+,/, '') } }];
      yield ['with a time that is no number', 'malformed', { headers: { ...right, [header]: right[header].replace(/t=\d+/, 't=soon') } }];
    }
  }
  if (right['webhook-id']) {
    yield ['with another id than was signed', 'mismatch', { headers: { ...right, 'webhook-id': 'msg_2' } }];
    yield ['without the id', 'missing', { headers: without(right, 'webhook-id') }];
  }
  if (header === 'X-HubSpot-Signature-v3' || scheme.signature.signsAddress) {
    yield ['called at another address', 'mismatch', { headers: right, url: 'https://hub.example.com/webhooks/hubspot' }];
    if (scheme.library === '@hubspot/api-client') yield ['called with another method', 'mismatch', { headers: right, method: 'PUT' }];
  }
  if (scheme.library !== '@shopify/shopify-api') {
    yield ['with the header twice', list?.[0] === ',' ? 'accepted' : 'mismatch', { headers: { ...right, [header]: `${right[header]},${right[header]}` }, ours: true }];
    yield ['with a signature of other letters', 'mismatch', { headers: resign(scheme, right, (s) => `\u00e9${s.slice(1)}`), ours: true }];
    yield ['with a huge signature', 'mismatch', { headers: resign(scheme, right, (s) => s.padEnd(7000, 'A')), ours: scheme.publicKey }];
  }
}

const vectors = [];
for (const [name, scheme] of Object.entries(SCHEMES)) {
  const texts = scheme.texts ?? Object.fromEntries(scheme.bodies.map((sample) => [sample, readFileSync(sampleOf(sample), 'utf8')]));
  for (const [sample, body] of Object.entries(texts)) {
    for await (const [what, code, bent] of variants(scheme, body)) {
      const vector = { name: `${name}: ${sample} ${what}`, scheme: name, section: scheme.section, publicKey: scheme.publicKey,
        library: scheme.accepts ? `${scheme.library} ${versions[scheme.library]}` : FORMULA,
        ...(scheme.texts ? { text: body } : { body: sample }), append: '', method: 'POST', url: URL_CALLED, secret: scheme.secret, now: new Date(NOW).toISOString(), code, ...bent };
      // a header that came twice or holds other letters never reaches a library as such; where it checks no time, we do
      const judged = scheme.accepts && !vector.ours && !vector.unchecked;
      const accepts = judged ? await scheme.accepts({ ...vector, body: body + vector.append }) : undefined;
      if (judged && accepts !== (code === 'accepted')) {
        throw new Error(`${vector.name}: expected ${code}, but ${vector.library} ${accepts ? 'accepts' : 'refuses'} it`);
      }
      const { lowerCaseNames, ours: only, unchecked, ...kept } = vector;
      if (lowerCaseNames) {
        kept.headers = Object.fromEntries(Object.entries(kept.headers).map(([key, value]) => [key.toLowerCase(), value]));
      }
      vectors.push({ ...kept, library_accepts: accepts });
    }
  }
}
writeFileSync(OUT, `${JSON.stringify(vectors, null, 1)}\n`);
console.log(`${vectors.length} vectors`);
