// The wire's types by their names. All are generated from docs/openapi.json; fields are called as docs/api.md calls them.

import type { components, operations } from './api.gen.js';

type Schemas = components['schemas'];
type QueryOf<O extends keyof operations> = NonNullable<operations[O]['parameters']['query']>;

export type Agent = Schemas['Agent'];
export type AgentDone = Schemas['AgentDone'];
export type AgentQuery = QueryOf<'list_agents'>;
export type CaseDetail = Schemas['CaseDetail'];
export type CaseDone = Schemas['CaseDone'];
export type CaseQuery = QueryOf<'list_cases'>;
export type CaseSummary = Schemas['CaseSummary'];
export type CheckedOut = Schemas['CheckedOut'];
export type Checkin = Schemas['Checkin'];
export type CheckinEntry = Schemas['CheckinEntry'];
export type Claim = Schemas['Claim'];
export type Claimed = Schemas['Claimed'];
export type ClaimedItem = Schemas['ClaimedItem'];
export type Finding = Schemas['Finding'];
export type Found = Schemas['Found'];
export type Given = Schemas['Given'];
export type HandOff = Schemas['HandOff'];
export type HandOffAcceptance = Schemas['HandOffAcceptance'];
export type HandOffOffer = Schemas['HandOffOffer'];
export type HeldItem = Schemas['HeldItem'];
export type HistoryEntry = Schemas['HistoryEntry'];
export type Incarnation = Schemas['Incarnation'];
export type ItemDone = Schemas['ItemDone'];
export type ItemQuery = QueryOf<'list_work_items'>;
export type Launch = Schemas['Launch'];
export type Launched = Schemas['Launched'];
export type LeaseRenewal = Schemas['LeaseRenewal'];
export type LeaseRenewed = Schemas['LeaseRenewed'];
export type Lifetime = Schemas['Lifetime'];
export type Listing = Schemas['Listing'];
export type Offering = Schemas['Offering'];
export type OpenSession = Schemas['OpenSession'];
export type Problem = Schemas['Problem'];
export type Publication = Schemas['Publication'];
export type PushTo = Schemas['PushTo'];
export type Pushing = Exclude<Schemas['Outcome_Pushing'], { problem: Problem }>;
export type Quarantined = Schemas['Quarantined'];
export type Query = Schemas['Query'];
export type Registered = Exclude<Schemas['Outcome_Registered'], { problem: Problem }>;
export type Registration = Schemas['Registration'];
export type Released = Schemas['Released'];
export type Renewed = Schemas['Renewed'];
export type Search = Schemas['Search'];
export type Session = Schemas['Session'];
export type SessionAgents = Schemas['SessionAgents'];
export type SessionSummary = Schemas['SessionSummary'];
export type SpecificationDetail = Schemas['SpecificationDetail'];
export type SpecificationSummary = Schemas['SpecificationSummary'];
export type StateChange = Schemas['StateChange'];
export type StateSet = Schemas['StateSet'];
export type Stats = Schemas['Stats'];
export type Uploaded = Schemas['Uploaded'];
export type Verified = Schemas['Verified'];
export type Violation = Schemas['Violation'];
export type WorkItemDetail = Schemas['WorkItem'];

/** Part of a list. `next`, given as `after`, asks for the part behind it; null at the end. */
export interface Page<T> {
  items: T[];
  next?: string | null;
}
