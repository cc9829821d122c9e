/**
 * Takes the place of two parts of the AWS SDK in every bundle (infra/constructs/bundle.ts), about 28 KB: event streams, which no service
 * used here speaks, and the cache of endpoint discovery, which the DynamoDB client makes and never asks.
 */

const leftOut = (): never => {
  throw new Error('this part of the AWS SDK is left out of the bundles (infra/constructs/bundle.ts)');
};

export const eventStreamSerdeProvider = () => ({ serialize: leftOut, deserialize: leftOut });
export const resolveEventStreamSerdeConfig = <Config extends object>(config: Config) =>
  Object.assign(config, { eventStreamMarshaller: eventStreamSerdeProvider() });

export class EventStreamSerde {
  constructor() {
    leftOut();
  }
}

export class EndpointCache {
  readonly get = leftOut;
  readonly set = leftOut;
}
