/**
 * Takes the place of `@aws-sdk/credential-provider-node` in every bundle (infra/constructs/bundle.ts): a Lambda has its role's credentials
 * in its environment and nowhere else, so the code for profiles, single sign-on and instance metadata, about 95 KB, need not be loaded.
 */
import { fromEnv } from '@aws-sdk/credential-provider-env';

export const defaultProvider = () => fromEnv();
