// Asks the X-Ray SDK for Node which of many requests it samples, and prints its answers as JSON.
// usage: sample.mjs local CASES      by each of the local rule sets in the file CASES: lists of true and false
//        sample.mjs central CASES    by the rules served at AWS_XRAY_DAEMON_ADDRESS: a list of rule names
//        sample.mjs quota RULE HOST  the reservoir quota that it gets for a rule, once it has one
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
require('aws-xray-sdk-core').setLogger({ error: console.error, warn: console.error, info() {}, debug() {} });
const sampling = (name) => require(`aws-xray-sdk-core/dist/lib/middleware/sampling/${name}`);

const requests = (cases) =>
  cases.map(({ service, serviceType, host, method, path }) => ({
    serviceName: service,
    serviceType,
    host,
    httpMethod: method,
    urlPath: path,
  }));

function local(cases) {
  const sampler = sampling('local_sampler');
  return cases.local.map((rules) => {
    sampler.setLocalRules(rules);
    return requests(cases.requests).map((request) => sampler.shouldSample(request));
  });
}

const until = async (condition) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 50));
};

async function started() {
  const sampler = sampling('default_sampler');
  sampler.start();
  await until(() => sampler.ruleCache.getLastUpdated());
  return sampler;
}

async function central(cases) {
  const sampler = await started();
  return requests(cases.requests).map((request) => sampler.shouldSample(request) || '');
}

async function quota(name, host) {
  const sampler = await started();
  sampler.shouldSample({ host });
  const reservoir = () => sampler.ruleCache.getRules().find((rule) => rule.getName() === name).getReservoir();
  await until(() => reservoir().quota);
  return reservoir().quota;
}

const [mode, ...rest] = process.argv.slice(2);
const cases = () => JSON.parse(readFileSync(rest[0], 'utf8'));
const answer = { local: () => local(cases()), central: () => central(cases()), quota: () => quota(...rest) }[mode];
process.stdout.write(JSON.stringify(await answer()), () => process.exit(0));
