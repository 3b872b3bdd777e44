/** What the client tells the policy child through its environment. Keys are never among it: they come with each request. */
export interface PolicyOptions {
  /** Absolute folder of the prompts that ship. */
  readonly templates: string;
}

export const policyVariable = 'SACCADE_POLICY';

export function parseOptions(text: string | undefined): PolicyOptions {
  const { templates } = JSON.parse(text ?? '{}') as Partial<PolicyOptions>;
  if (typeof templates !== 'string') throw new Error(`the policy process needs its options in ${policyVariable}`);
  return { templates };
}
