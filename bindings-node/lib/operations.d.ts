// Printed from the operation registry by `cargo xtask gen`. Do not edit.

/** Bytes as they go in: every view, `Buffer` included, and every buffer. */
export type Bytes = ArrayBufferLike | ArrayBufferView;

/** A list as it goes in. */
export type List<T> = readonly T[] | ReadonlySet<T>;

/** An attribute value as it goes in: those that come out, and those of the AWS SDK, such as what its `marshall` gives. */
export type AttributeValueInput =
  | AttributeValue
  | { readonly B: Bytes }
  | { readonly SS: List<string> }
  | { readonly NS: List<string> }
  | { readonly BS: List<Bytes> }
  | { readonly M: ItemInput }
  | { readonly L: List<AttributeValueInput> }
  | { readonly $unknown: [string, any] };

/** Named attribute values as they go in: an item, a key. */
export type ItemInput = { readonly [name: string]: AttributeValueInput };

/** An attribute value as it comes out. Numbers are text, so that none of their 38 digits is lost; binary is bytes. */
export type AttributeValue =
  | AttributeValue.SMember
  | AttributeValue.NMember
  | AttributeValue.BMember
  | AttributeValue.SSMember
  | AttributeValue.NSMember
  | AttributeValue.BSMember
  | AttributeValue.MMember
  | AttributeValue.LMember
  | AttributeValue.NULLMember
  | AttributeValue.BOOLMember;

export namespace AttributeValue {
  /** Text. */
  export interface SMember {
    S: string;
    N?: never;
    B?: never;
    SS?: never;
    NS?: never;
    BS?: never;
    M?: never;
    L?: never;
    NULL?: never;
    BOOL?: never;
  }
  /** A number, as text. */
  export interface NMember {
    S?: never;
    N: string;
    B?: never;
    SS?: never;
    NS?: never;
    BS?: never;
    M?: never;
    L?: never;
    NULL?: never;
    BOOL?: never;
  }
  /** Bytes. */
  export interface BMember {
    S?: never;
    N?: never;
    B: Uint8Array;
    SS?: never;
    NS?: never;
    BS?: never;
    M?: never;
    L?: never;
    NULL?: never;
    BOOL?: never;
  }
  /** A set of texts. */
  export interface SSMember {
    S?: never;
    N?: never;
    B?: never;
    SS: string[];
    NS?: never;
    BS?: never;
    M?: never;
    L?: never;
    NULL?: never;
    BOOL?: never;
  }
  /** A set of numbers, as texts. */
  export interface NSMember {
    S?: never;
    N?: never;
    B?: never;
    SS?: never;
    NS: string[];
    BS?: never;
    M?: never;
    L?: never;
    NULL?: never;
    BOOL?: never;
  }
  /** A set of bytes. */
  export interface BSMember {
    S?: never;
    N?: never;
    B?: never;
    SS?: never;
    NS?: never;
    BS: Uint8Array[];
    M?: never;
    L?: never;
    NULL?: never;
    BOOL?: never;
  }
  /** A map. */
  export interface MMember {
    S?: never;
    N?: never;
    B?: never;
    SS?: never;
    NS?: never;
    BS?: never;
    M: { [name: string]: AttributeValue };
    L?: never;
    NULL?: never;
    BOOL?: never;
  }
  /** A list. */
  export interface LMember {
    S?: never;
    N?: never;
    B?: never;
    SS?: never;
    NS?: never;
    BS?: never;
    M?: never;
    L: AttributeValue[];
    NULL?: never;
    BOOL?: never;
  }
  /** Null; always true. */
  export interface NULLMember {
    S?: never;
    N?: never;
    B?: never;
    SS?: never;
    NS?: never;
    BS?: never;
    M?: never;
    L?: never;
    NULL: boolean;
    BOOL?: never;
  }
  /** True or false. */
  export interface BOOLMember {
    S?: never;
    N?: never;
    B?: never;
    SS?: never;
    NS?: never;
    BS?: never;
    M?: never;
    L?: never;
    NULL?: never;
    BOOL: boolean;
  }
}

/** Named attribute values: an item, a key, an image. */
export type Item = { [name: string]: AttributeValue };

/** The type of a key attribute. */
export type ScalarAttributeType = 'B' | 'N' | 'S';

/** A key attribute and its type. */
export interface AttributeDefinitionInput {
  /** The attribute's name. */
  AttributeName: string | undefined;
  /** The attribute's type. */
  AttributeType: ScalarAttributeType | undefined;
}

/** The part an attribute plays in a key. */
export type KeyType = 'HASH' | 'RANGE';

/** A part of a key. */
export interface KeySchemaElementInput {
  /** The attribute's name. */
  AttributeName: string | undefined;
  /** Partition or sort key. */
  KeyType: KeyType | undefined;
}

/** What the entries of an index show of the items. */
export type ProjectionType = 'ALL' | 'INCLUDE' | 'KEYS_ONLY';

/** What the entries of an index show. */
export interface ProjectionInput {
  /** Everything, keys, or keys and named attributes. */
  ProjectionType?: ProjectionType | null | undefined;
  /** The named attributes. */
  NonKeyAttributes?: List<string> | null | undefined;
}

/** An index with the table's partition key and another sort key. */
export interface LocalSecondaryIndex {
  /** The index's name. */
  IndexName: string | undefined;
  /** The table's partition key, and the index's sort key. */
  KeySchema: List<KeySchemaElementInput> | undefined;
  /** What an entry shows. */
  Projection: ProjectionInput | undefined;
}

/** Capacity bought ahead, in units a second. */
export interface ProvisionedThroughputInput {
  /** Reads of up to 4 KB a second. */
  ReadCapacityUnits: number | bigint | undefined;
  /** Writes of up to 1 KB a second. */
  WriteCapacityUnits: number | bigint | undefined;
}

/** Ceilings of an on-demand table. Kept and answered, not enforced. */
export interface OnDemandThroughputInput {
  /** Most read request units a second. */
  MaxReadRequestUnits?: number | bigint | null | undefined;
  /** Most write request units a second. */
  MaxWriteRequestUnits?: number | bigint | null | undefined;
}

/** Throughput a table is made ready for. */
export interface WarmThroughputInput {
  /** Reads a second. */
  ReadUnitsPerSecond?: number | bigint | null | undefined;
  /** Writes a second. */
  WriteUnitsPerSecond?: number | bigint | null | undefined;
}

/** An index with a key of its own. */
export interface GlobalSecondaryIndexInput {
  /** The index's name. */
  IndexName: string | undefined;
  /** Its key: one to four partition attributes, then up to four sort attributes. */
  KeySchema: List<KeySchemaElementInput> | undefined;
  /** What an entry shows. */
  Projection: ProjectionInput | undefined;
  /** Its own capacity, on a provisioned table. */
  ProvisionedThroughput?: ProvisionedThroughputInput | null | undefined;
  /** Its own ceilings, on an on-demand table. Kept and answered, not enforced. */
  OnDemandThroughput?: OnDemandThroughputInput | null | undefined;
  /** Throughput it is made ready for. */
  WarmThroughput?: WarmThroughputInput | null | undefined;
}

/** How capacity is paid for. */
export type BillingMode = 'PROVISIONED' | 'PAY_PER_REQUEST';

/** What a change record holds. */
export type StreamViewType = 'OLD_IMAGE' | 'KEYS_ONLY' | 'NEW_AND_OLD_IMAGES' | 'NEW_IMAGE';

/** Whether changes of a table are recorded, and what a record holds. */
export interface StreamSpecificationInput {
  /** Whether the stream is on. */
  StreamEnabled: boolean | undefined;
  /** What a record holds; named when the stream is on. */
  StreamViewType?: StreamViewType | null | undefined;
}

/** The kind of key that a table is encrypted with. */
export type SseType = 'AES256' | 'KMS';

/** Encryption at rest. Kept and answered: nothing is encrypted. */
export interface SseSpecificationInput {
  /** Whether a key of the account is used. */
  Enabled?: boolean | null | undefined;
  /** The kind of key. */
  SSEType?: SseType | null | undefined;
  /** The key. */
  KMSMasterKeyId?: string | null | undefined;
}

/** A label on a table. */
export interface TagInput {
  /** Its name: 1 to 128 letters, digits, spaces and `+ - = . _ : / @`, not beginning with `aws:`. */
  Key?: string | null | undefined;
  /** Its value: up to 256 of the same. */
  Value?: string | null | undefined;
}

/** Storage class of a table. */
export type TableClass = 'STANDARD' | 'STANDARD_INFREQUENT_ACCESS';

/**
 * Makes a table.
 *
 * Errors: `ValidationException`, `ResourceInUseException` when the table exists.
 */
export interface CreateTableInput {
  /** Name of the new table, 3 to 255 of `a-z A-Z 0-9 _ . -`. */
  TableName?: string | null | undefined;
  /** Types of the attributes in keys of the table and of its indexes, and of no others. */
  AttributeDefinitions?: List<AttributeDefinitionInput> | null | undefined;
  /** Partition key, and sort key if there is one. */
  KeySchema?: List<KeySchemaElementInput> | null | undefined;
  /** Indexes with the table's partition key, at most 5; the table has a sort key then. */
  LocalSecondaryIndexes?: List<LocalSecondaryIndex> | null | undefined;
  /** Indexes with keys of their own, at most 20. */
  GlobalSecondaryIndexes?: List<GlobalSecondaryIndexInput> | null | undefined;
  /** How capacity is paid for; `PROVISIONED` when absent. */
  BillingMode?: BillingMode | null | undefined;
  /** Capacity of a provisioned table. */
  ProvisionedThroughput?: ProvisionedThroughputInput | null | undefined;
  /** Whether changes are recorded. */
  StreamSpecification?: StreamSpecificationInput | null | undefined;
  /** Encryption at rest; kept and answered. */
  SSESpecification?: SseSpecificationInput | null | undefined;
  /** Labels, at most 50. */
  Tags?: List<TagInput> | null | undefined;
  /** Storage class. */
  TableClass?: TableClass | null | undefined;
  /** Whether DeleteTable is refused. */
  DeletionProtectionEnabled?: boolean | null | undefined;
  /** Throughput the table is made ready for. */
  WarmThroughput?: WarmThroughputInput | null | undefined;
  /** Ceilings of an on-demand table. */
  OnDemandThroughput?: OnDemandThroughputInput | null | undefined;
  /** A policy; kept and answered. */
  ResourcePolicy?: string | null | undefined;
}

/** A key attribute and its type. */
export interface AttributeDefinition {
  /** The attribute's name. */
  AttributeName: string;
  /** The attribute's type. */
  AttributeType: ScalarAttributeType;
}

/** A part of a key. */
export interface KeySchemaElement {
  /** The attribute's name. */
  AttributeName: string;
  /** Partition or sort key. */
  KeyType: KeyType;
}

/** Where a table is in its life. */
export type TableStatus = 'CREATING' | 'UPDATING' | 'DELETING' | 'ACTIVE';

/** Capacity of a table as it stands. */
export interface ProvisionedThroughputDescription {
  /** When it was last raised. */
  LastIncreaseDateTime?: Date | undefined;
  /** When it was last lowered. */
  LastDecreaseDateTime?: Date | undefined;
  /** How often it was lowered today. */
  NumberOfDecreasesToday?: number | undefined;
  /** Reads a second. */
  ReadCapacityUnits: number;
  /** Writes a second. */
  WriteCapacityUnits: number;
}

/** How a table's capacity is paid for. */
export interface BillingModeSummary {
  /** The mode. */
  BillingMode?: BillingMode | undefined;
  /** When the table was last switched to on-demand. */
  LastUpdateToPayPerRequestDateTime?: Date | undefined;
}

/** What the entries of an index show. */
export interface Projection {
  /** Everything, keys, or keys and named attributes. */
  ProjectionType?: ProjectionType | undefined;
  /** The named attributes. */
  NonKeyAttributes?: string[] | undefined;
}

/** A local index as it stands. */
export interface LocalSecondaryIndexDescription {
  /** The index's name. */
  IndexName: string;
  /** Its key. */
  KeySchema: KeySchemaElement[];
  /** What an entry shows. */
  Projection: Projection;
  /** Summed size of the items that have an entry. */
  IndexSizeBytes?: number | undefined;
  /** Number of its entries. */
  ItemCount?: number | undefined;
  /** Its ARN. */
  IndexArn: string;
}

/** Where an index is in its life. */
export type IndexStatus = 'CREATING' | 'UPDATING' | 'DELETING' | 'ACTIVE';

/** Ceilings of an on-demand table. Kept and answered, not enforced. */
export interface OnDemandThroughput {
  /** Most read request units a second. */
  MaxReadRequestUnits?: number | undefined;
  /** Most write request units a second. */
  MaxWriteRequestUnits?: number | undefined;
}

/** Throughput a global index is ready for. */
export interface GlobalSecondaryIndexWarmThroughputDescription {
  /** Reads a second. */
  ReadUnitsPerSecond?: number | undefined;
  /** Writes a second. */
  WriteUnitsPerSecond?: number | undefined;
  /** State of the last change. */
  Status?: IndexStatus | undefined;
}

/** A global index as it stands. */
export interface GlobalSecondaryIndexDescription {
  /** The index's name. */
  IndexName: string;
  /** Its key. */
  KeySchema: KeySchemaElement[];
  /** What an entry shows. */
  Projection: Projection;
  /** Where the index is in its life. */
  IndexStatus?: IndexStatus | undefined;
  /** While it is created on a table that was there: whether it is being filled. */
  Backfilling?: boolean | undefined;
  /** Its capacity. */
  ProvisionedThroughput?: ProvisionedThroughputDescription | undefined;
  /** Summed size of the items that have an entry. */
  IndexSizeBytes?: number | undefined;
  /** Number of its entries. */
  ItemCount?: number | undefined;
  /** Its ARN. */
  IndexArn: string;
  /** Its ceilings, on an on-demand table. */
  OnDemandThroughput?: OnDemandThroughput | undefined;
  /** Throughput it is ready for. */
  WarmThroughput?: GlobalSecondaryIndexWarmThroughputDescription | undefined;
}

/** Whether changes of a table are recorded, and what a record holds. */
export interface StreamSpecification {
  /** Whether the stream is on. */
  StreamEnabled: boolean;
  /** What a record holds; named when the stream is on. */
  StreamViewType?: StreamViewType | undefined;
}

/** What a table is being restored from. */
export interface RestoreSummary {
  /** ARN of the backup, if it is one. */
  SourceBackupArn?: string | undefined;
  /** ARN of the table. */
  SourceTableArn?: string | undefined;
  /** The moment whose items the table will have. */
  RestoreDateTime?: Date | undefined;
  /** Whether items are still coming in: as long as this is told. */
  RestoreInProgress?: boolean | undefined;
}

/** A table's storage class. */
export interface TableClassSummary {
  /** The class. */
  TableClass?: TableClass | undefined;
  /** When it was last changed. */
  LastUpdateDateTime?: Date | undefined;
}

/** Where encryption with a key of the account is. */
export type SseStatus = 'ENABLING' | 'ENABLED' | 'DISABLING' | 'DISABLED' | 'UPDATING';

/** Encryption at rest as it stands. */
export interface SseDescription {
  /** Where it is. */
  Status?: SseStatus | undefined;
  /** The kind of key. */
  SSEType?: SseType | undefined;
  /** The key. */
  KMSMasterKeyArn?: string | undefined;
  /** Since when the key cannot be used. Never there. */
  InaccessibleEncryptionDateTime?: Date | undefined;
}

/** Throughput a table is ready for. */
export interface TableWarmThroughputDescription {
  /** Reads a second. */
  ReadUnitsPerSecond?: number | undefined;
  /** Writes a second. */
  WriteUnitsPerSecond?: number | undefined;
  /** State of the last change. */
  Status?: TableStatus | undefined;
}

/** A table as it stands. */
export interface TableDescription {
  /** Types of the key attributes. */
  AttributeDefinitions?: AttributeDefinition[] | undefined;
  /** The table's name. */
  TableName: string;
  /** The table's key. */
  KeySchema?: KeySchemaElement[] | undefined;
  /** Where the table is in its life. */
  TableStatus: TableStatus;
  /** When it was created. */
  CreationDateTime?: Date | undefined;
  /** Its capacity. */
  ProvisionedThroughput?: ProvisionedThroughputDescription | undefined;
  /** Summed size of its items. */
  TableSizeBytes: number;
  /** Number of its items. */
  ItemCount: number;
  /** Its ARN. */
  TableArn: string;
  /** Its identity, new for each creation. */
  TableId: string;
  /** How capacity is paid for. */
  BillingModeSummary?: BillingModeSummary | undefined;
  /** Its local indexes. */
  LocalSecondaryIndexes?: LocalSecondaryIndexDescription[] | undefined;
  /** Its global indexes. */
  GlobalSecondaryIndexes?: GlobalSecondaryIndexDescription[] | undefined;
  /** The live stream's settings; absent when there is none. */
  StreamSpecification?: StreamSpecification | undefined;
  /** Label of the live or last stream. */
  LatestStreamLabel?: string | undefined;
  /** ARN of the live or last stream. */
  LatestStreamArn?: string | undefined;
  /** What it is being restored from; only while it is. */
  RestoreSummary?: RestoreSummary | undefined;
  /** Its storage class. */
  TableClassSummary?: TableClassSummary | undefined;
  /** Encryption with a key of the account; absent with the service's own. */
  SSEDescription?: SseDescription | undefined;
  /** Whether DeleteTable is refused. */
  DeletionProtectionEnabled?: boolean | undefined;
  /** Ceilings of an on-demand table. */
  OnDemandThroughput?: OnDemandThroughput | undefined;
  /** Throughput the table is ready for. */
  WarmThroughput?: TableWarmThroughputDescription | undefined;
}

/** Answer of CreateTable. */
export interface CreateTableOutput {
  /** The new table. */
  TableDescription: TableDescription;
}

/**
 * Describes a table.
 *
 * Errors: `ResourceNotFoundException`.
 */
export interface DescribeTableInput {
  /** Name or ARN of the table. */
  TableName: string | undefined;
}

/** Answer of DescribeTable. */
export interface DescribeTableOutput {
  /** The table. */
  Table: TableDescription;
}

/** An index to change. */
export interface UpdateGlobalSecondaryIndexAction {
  /** The index's name. */
  IndexName: string | undefined;
  /** Its capacity, on a provisioned table. */
  ProvisionedThroughput?: ProvisionedThroughputInput | null | undefined;
  /** Its ceilings, on an on-demand table. */
  OnDemandThroughput?: OnDemandThroughputInput | null | undefined;
  /** Throughput it is made ready for. */
  WarmThroughput?: WarmThroughputInput | null | undefined;
}

/** An index to create on a table that is there. */
export interface CreateGlobalSecondaryIndexAction {
  /** The index's name. */
  IndexName: string | undefined;
  /** Its key: one to four partition attributes, then up to four sort attributes. */
  KeySchema: List<KeySchemaElementInput> | undefined;
  /** What an entry shows. */
  Projection: ProjectionInput | undefined;
  /** Its own capacity, on a provisioned table. */
  ProvisionedThroughput?: ProvisionedThroughputInput | null | undefined;
  /** Its own ceilings, on an on-demand table. Kept and answered, not enforced. */
  OnDemandThroughput?: OnDemandThroughputInput | null | undefined;
  /** Throughput it is made ready for. */
  WarmThroughput?: WarmThroughputInput | null | undefined;
}

/** An index to delete. */
export interface DeleteGlobalSecondaryIndexAction {
  /** The index's name. */
  IndexName: string | undefined;
}

/** One change of a global index: one of its members. */
export interface GlobalSecondaryIndexUpdate {
  /** An index to change. */
  Update?: UpdateGlobalSecondaryIndexAction | null | undefined;
  /** An index to create. */
  Create?: CreateGlobalSecondaryIndexAction | null | undefined;
  /** An index to delete. */
  Delete?: DeleteGlobalSecondaryIndexAction | null | undefined;
}

/** A replica to make, change or delete in another region. */
export interface ReplicationGroupMember {
  /** The region. */
  RegionName: string | undefined;
}

/** A change of the replicas of a table. Refused: the regions of a database do not replicate. */
export interface ReplicationGroupUpdate {
  /** A replica to make. */
  Create?: ReplicationGroupMember | null | undefined;
  /** A replica to change. */
  Update?: ReplicationGroupMember | null | undefined;
  /** A replica to delete. */
  Delete?: ReplicationGroupMember | null | undefined;
}

/**
 * Changes a table's stream, global indexes, capacity or protection.
 *
 * Errors: `ValidationException`, `ResourceNotFoundException`, `ResourceInUseException` while another change runs,
 * `LimitExceededException` for a second index to create or delete at a time, or one too many.
 */
export interface UpdateTableInput {
  /** Name or ARN of the table. */
  TableName: string | undefined;
  /** Types of the key attributes of an index to create. */
  AttributeDefinitions?: List<AttributeDefinitionInput> | null | undefined;
  /** How capacity is paid for. */
  BillingMode?: BillingMode | null | undefined;
  /** Capacity of a provisioned table. */
  ProvisionedThroughput?: ProvisionedThroughputInput | null | undefined;
  /** Changes of global indexes; at most one of them creates or deletes one. */
  GlobalSecondaryIndexUpdates?: List<GlobalSecondaryIndexUpdate> | null | undefined;
  /** Turns the stream on or off. */
  StreamSpecification?: StreamSpecificationInput | null | undefined;
  /** Encryption at rest; kept and answered. */
  SSESpecification?: SseSpecificationInput | null | undefined;
  /** Storage class. */
  TableClass?: TableClass | null | undefined;
  /** Whether DeleteTable is refused. */
  DeletionProtectionEnabled?: boolean | null | undefined;
  /** Ceilings of an on-demand table. */
  OnDemandThroughput?: OnDemandThroughputInput | null | undefined;
  /** Throughput the table is made ready for. */
  WarmThroughput?: WarmThroughputInput | null | undefined;
  /** Changes of replicas. Refused: the regions of a database do not replicate. */
  ReplicaUpdates?: List<ReplicationGroupUpdate> | null | undefined;
}

/** Answer of UpdateTable. */
export interface UpdateTableOutput {
  /** The table while it changes. */
  TableDescription: TableDescription;
}

/**
 * Deletes a table and its items. Its stream stays readable for 24 hours.
 *
 * Errors: `ResourceNotFoundException`, `ResourceInUseException`, `ValidationException` when protected.
 */
export interface DeleteTableInput {
  /** Name or ARN of the table. */
  TableName: string | undefined;
}

/** Answer of DeleteTable. */
export interface DeleteTableOutput {
  /** The table that goes. */
  TableDescription: TableDescription;
}

/** Lists table names in byte order. */
export interface ListTablesInput {
  /** Names after this one. */
  ExclusiveStartTableName?: string | null | undefined;
  /** At most this many, 1 to 100. */
  Limit?: number | bigint | null | undefined;
}

/** Answer of ListTables. */
export interface ListTablesOutput {
  /** The names. */
  TableNames: string[];
  /** Where the next page starts, when there is more. */
  LastEvaluatedTableName?: string | undefined;
}

/** Whether items expire, and by which attribute. */
export interface TimeToLiveSpecificationInput {
  /** Whether it is to be on. */
  Enabled: boolean | undefined;
  /** The attribute whose number is an item's time, in epoch seconds. */
  AttributeName: string | undefined;
}

/**
 * Turns time to live on or off. An item whose time is over, and was at most five years ago, is deleted by the database; its record is
 * marked as the service's own. A change is refused for 31 minutes after the one before it.
 *
 * Errors: `ValidationException`, `ResourceNotFoundException`, `ResourceInUseException` while the table is created.
 */
export interface UpdateTimeToLiveInput {
  /** Name or ARN of the table. */
  TableName: string | undefined;
  /** What it is to be. */
  TimeToLiveSpecification: TimeToLiveSpecificationInput | undefined;
}

/** Whether items expire, and by which attribute. */
export interface TimeToLiveSpecification {
  /** Whether it is to be on. */
  Enabled: boolean;
  /** The attribute whose number is an item's time, in epoch seconds. */
  AttributeName: string;
}

/** Answer of UpdateTimeToLive. */
export interface UpdateTimeToLiveOutput {
  /** What was asked for. */
  TimeToLiveSpecification: TimeToLiveSpecification;
}

/**
 * Tells whether items of a table expire.
 *
 * Errors: `ResourceNotFoundException`; `ValidationException` while the table is created or deleted.
 */
export interface DescribeTimeToLiveInput {
  /** Name or ARN of the table. */
  TableName: string | undefined;
}

/** Whether items expire. */
export type TimeToLiveStatus = 'ENABLING' | 'DISABLING' | 'ENABLED' | 'DISABLED';

/** Time to live as it stands. */
export interface TimeToLiveDescription {
  /** Whether items expire. */
  TimeToLiveStatus: TimeToLiveStatus;
  /** By which attribute; absent when they do not. */
  AttributeName?: string | undefined;
}

/** Answer of DescribeTimeToLive. */
export interface DescribeTimeToLiveOutput {
  /** Time to live as it stands. */
  TimeToLiveDescription: TimeToLiveDescription;
}

/**
 * Labels a table. Tags of the same name are replaced.
 *
 * Errors: `ValidationException`, also for more than 50 tags, `ResourceNotFoundException`, `AccessDeniedException` for another account's
 * table, `ResourceInUseException` while the table is deleted.
 */
export interface TagResourceInput {
  /** ARN of the table. */
  ResourceArn: string | undefined;
  /** The labels, at least one. */
  Tags: List<TagInput> | undefined;
}

/** Answer of TagResource. */
export type TagResourceOutput = { [name: string]: never };

/**
 * Takes labels from a table. Names that it does not have are left out.
 *
 * Errors: as TagResource.
 */
export interface UntagResourceInput {
  /** ARN of the table. */
  ResourceArn: string | undefined;
  /** Names of the labels, at least one. */
  TagKeys: List<string> | undefined;
}

/** Answer of UntagResource. */
export type UntagResourceOutput = { [name: string]: never };

/**
 * Lists the labels of a table.
 *
 * Errors: `ValidationException`, `ResourceNotFoundException`, `AccessDeniedException` for another account's table.
 */
export interface ListTagsOfResourceInput {
  /** ARN of the table. */
  ResourceArn: string | undefined;
  /** Not looked at: all labels are on one page. */
  NextToken?: string | null | undefined;
}

/** A label on a table. */
export interface Tag {
  /** Its name: 1 to 128 letters, digits, spaces and `+ - = . _ : / @`, not beginning with `aws:`. */
  Key?: string | undefined;
  /** Its value: up to 256 of the same. */
  Value?: string | undefined;
}

/** Answer of ListTagsOfResource. */
export interface ListTagsOfResourceOutput {
  /** The labels, in order of their names. */
  Tags: Tag[];
  /** Never there: all labels are on one page. */
  NextToken?: string | undefined;
}

/**
 * Keeps a policy for a table or stream. It is kept and answered, not enforced.
 *
 * Errors: `ValidationException`, `ResourceNotFoundException`, `PolicyNotFoundException` when another revision is expected.
 */
export interface PutResourcePolicyInput {
  /** ARN of the table or stream. */
  ResourceArn: string | undefined;
  /** The policy, JSON text of at most 20,480 bytes. */
  Policy: string | undefined;
  /** The revision that is to be replaced; `NO_POLICY` where there is to be none. */
  ExpectedRevisionId?: string | null | undefined;
  /** Accepted for compatibility: nobody can lock themselves out here. */
  ConfirmRemoveSelfResourceAccess?: boolean | null | undefined;
}

/** Answer of PutResourcePolicy. */
export interface PutResourcePolicyOutput {
  /** The revision that is there now. */
  RevisionId?: string | undefined;
}

/**
 * The policy of a table or stream.
 *
 * Errors: `ValidationException`, `ResourceNotFoundException`, `PolicyNotFoundException` when there is none.
 */
export interface GetResourcePolicyInput {
  /** ARN of the table or stream. */
  ResourceArn: string | undefined;
}

/** Answer of GetResourcePolicy. */
export interface GetResourcePolicyOutput {
  /** The policy, without spaces and in a fixed order. */
  Policy?: string | undefined;
  /** Its revision. */
  RevisionId?: string | undefined;
}

/**
 * Forgets the policy of a table or stream. Without one, nothing is wrong.
 *
 * Errors: `ValidationException`, `ResourceNotFoundException`, `PolicyNotFoundException` when another revision is expected.
 */
export interface DeleteResourcePolicyInput {
  /** ARN of the table or stream. */
  ResourceArn: string | undefined;
  /** The revision that is to go. */
  ExpectedRevisionId?: string | null | undefined;
}

/** Answer of DeleteResourcePolicy. */
export interface DeleteResourcePolicyOutput {
  /** The revision that went; absent when there was none. */
  RevisionId?: string | undefined;
}

/** Tells the quotas of the account: those that the service gives a new one. They are not enforced. */
export type DescribeLimitsInput = { [name: string]: never };

/** Answer of DescribeLimits. */
export interface DescribeLimitsOutput {
  /** Reads a second of all tables. */
  AccountMaxReadCapacityUnits?: number | undefined;
  /** Writes a second of all tables. */
  AccountMaxWriteCapacityUnits?: number | undefined;
  /** Reads a second of one table. */
  TableMaxReadCapacityUnits?: number | undefined;
  /** Writes a second of one table. */
  TableMaxWriteCapacityUnits?: number | undefined;
}

/** Tells where the service of the database's region can be reached. */
export type DescribeEndpointsRequest = { [name: string]: never };

/** Where the service can be reached. */
export interface Endpoint {
  /** A host name. */
  Address: string;
  /** How long that holds, in minutes. */
  CachePeriodInMinutes: number;
}

/** Answer of DescribeEndpoints. */
export interface DescribeEndpointsResponse {
  /** The service's own address in the region. */
  Endpoints: Endpoint[];
}

/**
 * Makes a backup of a table: its items and its keys, as all of them are at the moment of the call. Writers go on meanwhile. It is there until
 * it is deleted, whatever becomes of the table. Its items are copied by and by; until they are, its status is `CREATING`.
 *
 * Errors: `ValidationException`, `TableNotFoundException`.
 */
export interface CreateBackupInput {
  /** Name or ARN of the table. */
  TableName: string | undefined;
  /** Name of the backup, which others may have, too: 3 to 255 of `a-z A-Z 0-9 _ . -`. */
  BackupName: string | undefined;
}

/** Where a backup is in its life. */
export type BackupStatus = 'CREATING' | 'DELETED' | 'AVAILABLE';

/** Who made a backup. */
export type BackupType = 'USER' | 'SYSTEM' | 'AWS_BACKUP';

/** A backup as it stands. */
export interface BackupDetails {
  /** Its ARN. */
  BackupArn: string;
  /** Its name. */
  BackupName: string;
  /** Summed size of its items, bytes. */
  BackupSizeBytes?: number | undefined;
  /** Where it is in its life. */
  BackupStatus: BackupStatus;
  /** Who made it. */
  BackupType: BackupType;
  /** The moment whose items it has. */
  BackupCreationDateTime: Date;
  /** When it goes by itself; only of those that the service makes. */
  BackupExpiryDateTime?: Date | undefined;
}

/** Answer of CreateBackup. */
export interface CreateBackupOutput {
  /** The new backup. */
  BackupDetails: BackupDetails;
}

/**
 * Describes a backup.
 *
 * Errors: `ValidationException`, `BackupNotFoundException`, `AccessDeniedException` for one of another account.
 */
export interface DescribeBackupInput {
  /** ARN of the backup. */
  BackupArn: string | undefined;
}

/** Capacity bought ahead, in units a second. */
export interface ProvisionedThroughput {
  /** Reads of up to 4 KB a second. */
  ReadCapacityUnits: number;
  /** Writes of up to 1 KB a second. */
  WriteCapacityUnits: number;
}

/** A backup's table as it was. */
export interface SourceTableDetails {
  /** Its name. */
  TableName?: string | undefined;
  /** Its identity. */
  TableId?: string | undefined;
  /** Its ARN. */
  TableArn?: string | undefined;
  /** Summed size of its items, bytes. */
  TableSizeBytes?: number | undefined;
  /** Its key. */
  KeySchema?: KeySchemaElement[] | undefined;
  /** When it was created. */
  TableCreationDateTime?: Date | undefined;
  /** Its capacity; zero when on demand. */
  ProvisionedThroughput?: ProvisionedThroughput | undefined;
  /** Its ceilings, if it had some. */
  OnDemandThroughput?: OnDemandThroughput | undefined;
  /** Number of its items. */
  ItemCount?: number | undefined;
  /** How its capacity was paid for. */
  BillingMode?: BillingMode | undefined;
}

/** A local index of a backup's table. */
export interface LocalSecondaryIndexInfo {
  /** The index's name. */
  IndexName?: string | undefined;
  /** Its key. */
  KeySchema?: KeySchemaElement[] | undefined;
  /** What an entry shows. */
  Projection?: Projection | undefined;
}

/** A global index of a backup's table. */
export interface GlobalSecondaryIndexInfo {
  /** The index's name. */
  IndexName?: string | undefined;
  /** Its key. */
  KeySchema?: KeySchemaElement[] | undefined;
  /** What an entry shows. */
  Projection?: Projection | undefined;
  /** Its capacity; zero when on demand. */
  ProvisionedThroughput?: ProvisionedThroughput | undefined;
  /** Its ceilings, if it had some. */
  OnDemandThroughput?: OnDemandThroughput | undefined;
}

/** What a backup's table had beside its key. */
export interface SourceTableFeatureDetails {
  /** Its local indexes. */
  LocalSecondaryIndexes?: LocalSecondaryIndexInfo[] | undefined;
  /** Its global indexes. */
  GlobalSecondaryIndexes?: GlobalSecondaryIndexInfo[] | undefined;
  /** Its stream, if it had one. */
  StreamDescription?: StreamSpecification | undefined;
  /** By which attribute its items expired, if they did. */
  TimeToLiveDescription?: TimeToLiveDescription | undefined;
  /** Its encryption with a key of the account, if it had one. */
  SSEDescription?: SseDescription | undefined;
}

/** A backup and its table. */
export interface BackupDescription {
  /** The backup. */
  BackupDetails: BackupDetails;
  /** The table as it was. */
  SourceTableDetails: SourceTableDetails;
  /** What the table had beside its key. */
  SourceTableFeatureDetails?: SourceTableFeatureDetails | undefined;
}

/** Answer of DescribeBackup. */
export interface DescribeBackupOutput {
  /** The backup. */
  BackupDescription: BackupDescription;
}

/**
 * Deletes a backup.
 *
 * Errors: `ValidationException`, also for a backup of the service's own, `BackupNotFoundException`, `BackupInUseException` while it is
 * made or restored, `AccessDeniedException` for one of another account.
 */
export interface DeleteBackupInput {
  /** ARN of the backup. */
  BackupArn: string | undefined;
}

/** Answer of DeleteBackup. */
export interface DeleteBackupOutput {
  /** The backup that is gone. */
  BackupDescription: BackupDescription;
}

/** Which backups are listed. */
export type BackupTypeFilter = 'USER' | 'SYSTEM' | 'AWS_BACKUP' | 'ALL';

/**
 * Lists backups in the order in which they were made.
 *
 * Errors: `ValidationException`.
 */
export interface ListBackupsInput {
  /** Name or ARN of a table, which need not be there any more; all tables when absent. */
  TableName?: string | null | undefined;
  /** At most this many, 1 to 100; 100 when absent. */
  Limit?: number | bigint | null | undefined;
  /** Backups made at this moment or later. */
  TimeRangeLowerBound?: Date | number | null | undefined;
  /** Backups made before this moment. */
  TimeRangeUpperBound?: Date | number | null | undefined;
  /** Backups after this one. */
  ExclusiveStartBackupArn?: string | null | undefined;
  /** Whose backups; `USER` when absent. */
  BackupType?: BackupTypeFilter | null | undefined;
}

/** A backup in a list. */
export interface BackupSummary {
  /** Name of its table. */
  TableName?: string | undefined;
  /** Identity of its table. */
  TableId?: string | undefined;
  /** ARN of its table. */
  TableArn?: string | undefined;
  /** Its ARN. */
  BackupArn?: string | undefined;
  /** Its name. */
  BackupName?: string | undefined;
  /** The moment whose items it has. */
  BackupCreationDateTime?: Date | undefined;
  /** When it goes by itself; only of those that the service makes. */
  BackupExpiryDateTime?: Date | undefined;
  /** Where it is in its life. */
  BackupStatus?: BackupStatus | undefined;
  /** Who made it. */
  BackupType?: BackupType | undefined;
  /** Summed size of its items, bytes. */
  BackupSizeBytes?: number | undefined;
}

/** Answer of ListBackups. */
export interface ListBackupsOutput {
  /** The backups. */
  BackupSummaries: BackupSummary[];
  /** Where the next page starts, when there is more. */
  LastEvaluatedBackupArn?: string | undefined;
}

/**
 * Makes a table out of a backup: items, keys, indexes, billing mode, ceilings and encryption. It has no stream, no time to live, no tags, no
 * policy, no protection, and is not restorable to a moment. Until all items are there its status is `CREATING`.
 *
 * Errors: `ValidationException`, `BackupNotFoundException`, `BackupInUseException` while the backup is made or restored to another
 * table, `TableAlreadyExistsException`, `TableInUseException` for a table that is being restored, `AccessDeniedException` for a backup of
 * another account.
 */
export interface RestoreTableFromBackupInput {
  /** Name of the new table. */
  TargetTableName: string | undefined;
  /** ARN of the backup. */
  BackupArn: string | undefined;
  /** How capacity is paid for; as in the backup when absent. */
  BillingModeOverride?: BillingMode | null | undefined;
  /** Global indexes with keys and projections of those in the backup, under names of their own; those of the backup when absent. */
  GlobalSecondaryIndexOverride?: List<GlobalSecondaryIndexInput> | null | undefined;
  /** Local indexes, likewise. */
  LocalSecondaryIndexOverride?: List<LocalSecondaryIndex> | null | undefined;
  /** Capacity of a provisioned table; as in the backup when absent. */
  ProvisionedThroughputOverride?: ProvisionedThroughputInput | null | undefined;
  /** Ceilings of an on-demand table; as in the backup when absent. */
  OnDemandThroughputOverride?: OnDemandThroughputInput | null | undefined;
  /** Encryption; as in the backup when absent. */
  SSESpecificationOverride?: SseSpecificationInput | null | undefined;
}

/** Answer of RestoreTableFromBackup. */
export interface RestoreTableFromBackupOutput {
  /** The new table. */
  TableDescription: TableDescription;
}

/**
 * Makes a table out of what another one was at a moment: its items then; its keys, indexes, billing mode, ceilings and encryption now. What does
 * not come back is as with RestoreTableFromBackup. Until all items are there its status is `CREATING`.
 *
 * Errors: `ValidationException`, `TableNotFoundException`, `PointInTimeRecoveryUnavailableException` for a table that is not restorable,
 * `InvalidRestoreTimeException` for a moment before or after those to which it is, `TableAlreadyExistsException`, `TableInUseException` for a
 * table that is being restored.
 */
export interface RestoreTableToPointInTimeInput {
  /** ARN of the source. */
  SourceTableArn?: string | null | undefined;
  /** Name of the source, in place of its ARN. */
  SourceTableName?: string | null | undefined;
  /** Name of the new table. */
  TargetTableName: string | undefined;
  /** Whether the moment is `LatestRestorableDateTime`, as DescribeContinuousBackups tells it. */
  UseLatestRestorableTime?: boolean | null | undefined;
  /** The moment, otherwise; all of its millisecond. */
  RestoreDateTime?: Date | number | null | undefined;
  /** How capacity is paid for; as in the source when absent. */
  BillingModeOverride?: BillingMode | null | undefined;
  /** Global indexes with keys and projections of those of the source, under names of their own; those of the source when absent. */
  GlobalSecondaryIndexOverride?: List<GlobalSecondaryIndexInput> | null | undefined;
  /** Local indexes, likewise. */
  LocalSecondaryIndexOverride?: List<LocalSecondaryIndex> | null | undefined;
  /** Capacity of a provisioned table; as in the source when absent. */
  ProvisionedThroughputOverride?: ProvisionedThroughputInput | null | undefined;
  /** Ceilings of an on-demand table; as in the source when absent. */
  OnDemandThroughputOverride?: OnDemandThroughputInput | null | undefined;
  /** Encryption; as in the source when absent. */
  SSESpecificationOverride?: SseSpecificationInput | null | undefined;
}

/** Answer of RestoreTableToPointInTime. */
export interface RestoreTableToPointInTimeOutput {
  /** The new table. */
  TableDescription: TableDescription;
}

/** Encryption of the objects. Kept and answered: nothing is encrypted. */
export type S3SseAlgorithm = 'AES256' | 'KMS';

/** How items are written. */
export type ExportFormat = 'DYNAMODB_JSON' | 'ION';

/** What is exported. */
export type ExportType = 'FULL_EXPORT' | 'INCREMENTAL_EXPORT';

/** What is told of an item that changed. */
export type ExportViewType = 'NEW_IMAGE' | 'NEW_AND_OLD_IMAGES';

/** Which time an incremental export is of: from 15 minutes to 24 hours. */
export interface IncrementalExportSpecificationInput {
  /** Changes from this moment on; required. */
  ExportFromTime?: Date | number | null | undefined;
  /** And before this one; the moment of the call when absent. */
  ExportToTime?: Date | number | null | undefined;
  /** What is told; `NEW_AND_OLD_IMAGES` when absent. */
  ExportViewType?: ExportViewType | null | undefined;
}

/**
 * Writes a table that is restorable to a moment, as it was at one, or what has changed in a time, into a folder of the directory that the
 * option `buckets` names, in the service's layout: `AWSDynamoDB/<id>/manifest-summary.json`, `manifest-files.json`, `data/*.json.gz`. It is
 * written in small steps beside writers, which go on after a restart.
 *
 * Errors: `ValidationException`, also without the option, `TableNotFoundException`, `PointInTimeRecoveryUnavailableException`,
 * `InvalidExportTimeException`, `ExportConflictException` for a token that was used for another request, `AccessDeniedException`.
 */
export interface ExportTableToPointInTimeInput {
  /** ARN of the table. */
  TableArn: string | undefined;
  /** The moment; that of the call when absent. */
  ExportTime?: Date | number | null | undefined;
  /** Makes a call repeatable: for 8 hours the same token answers the same export. */
  ClientToken?: string | null | undefined;
  /** The folder, which must be there. */
  S3Bucket: string | undefined;
  /** Account of its owner; kept and answered. */
  S3BucketOwner?: string | null | undefined;
  /** What stands in front of all paths. */
  S3Prefix?: string | null | undefined;
  /** Encryption; `AES256` when absent. Kept and answered. */
  S3SseAlgorithm?: S3SseAlgorithm | null | undefined;
  /** The key, with `KMS`. Kept and answered. */
  S3SseKmsKeyId?: string | null | undefined;
  /** How items are written; `DYNAMODB_JSON` when absent. */
  ExportFormat?: ExportFormat | null | undefined;
  /** What is exported; `FULL_EXPORT` when absent. */
  ExportType?: ExportType | null | undefined;
  /** The time of an incremental export. */
  IncrementalExportSpecification?: IncrementalExportSpecificationInput | null | undefined;
}

/** Where an export is in its life. */
export type ExportStatus = 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';

/** Which time an incremental export is of: from 15 minutes to 24 hours. */
export interface IncrementalExportSpecification {
  /** Changes from this moment on; required. */
  ExportFromTime?: Date | undefined;
  /** And before this one; the moment of the call when absent. */
  ExportToTime?: Date | undefined;
  /** What is told; `NEW_AND_OLD_IMAGES` when absent. */
  ExportViewType?: ExportViewType | undefined;
}

/** An export as it stands. */
export interface ExportDescription {
  /** Its ARN. */
  ExportArn?: string | undefined;
  /** Where it is in its life. */
  ExportStatus?: ExportStatus | undefined;
  /** When it began. */
  StartTime?: Date | undefined;
  /** When it ended. */
  EndTime?: Date | undefined;
  /** Path of the summary, once it is there. */
  ExportManifest?: string | undefined;
  /** The table. */
  TableArn?: string | undefined;
  /** Identity of the table. */
  TableId?: string | undefined;
  /** The moment of a full export. */
  ExportTime?: Date | undefined;
  /** The token of the request. */
  ClientToken?: string | undefined;
  /** The folder. */
  S3Bucket?: string | undefined;
  /** Account of its owner. */
  S3BucketOwner?: string | undefined;
  /** What stands in front of all paths. */
  S3Prefix?: string | undefined;
  /** Encryption. */
  S3SseAlgorithm?: S3SseAlgorithm | undefined;
  /** The key. */
  S3SseKmsKeyId?: string | undefined;
  /** Why it failed: `S3NoSuchBucket`, `S3AccessDenied`, `S3Unavailable`. */
  FailureCode?: string | undefined;
  /** The same in words. */
  FailureMessage?: string | undefined;
  /** How items are written. */
  ExportFormat?: ExportFormat | undefined;
  /** Summed size of the items, bytes; of an incremental export 10,000,000 at least. */
  BilledSizeBytes?: number | undefined;
  /** Number of the items. */
  ItemCount?: number | undefined;
  /** What is exported, if the request said so. */
  ExportType?: ExportType | undefined;
  /** The time of an incremental export. */
  IncrementalExportSpecification?: IncrementalExportSpecification | undefined;
}

/** Answer of ExportTableToPointInTime. */
export interface ExportTableToPointInTimeOutput {
  /** The export. */
  ExportDescription?: ExportDescription | undefined;
}

/**
 * Describes an export that began or ended within 90 days.
 *
 * Errors: `ValidationException`, `ExportNotFoundException`, `AccessDeniedException` for one of another account.
 */
export interface DescribeExportInput {
  /** ARN of the export. */
  ExportArn: string | undefined;
}

/** Answer of DescribeExport. */
export interface DescribeExportOutput {
  /** The export. */
  ExportDescription?: ExportDescription | undefined;
}

/**
 * Lists exports, the newest first.
 *
 * Errors: `ValidationException`.
 */
export interface ListExportsInput {
  /** ARN of a table that is there; all exports when absent. */
  TableArn?: string | null | undefined;
  /** At most this many, 1 to 25; 10 when absent. */
  MaxResults?: number | bigint | null | undefined;
  /** Where the page begins. */
  NextToken?: string | null | undefined;
}

/** An export in a list. */
export interface ExportSummary {
  /** Its ARN. */
  ExportArn?: string | undefined;
  /** Where it is in its life. */
  ExportStatus?: ExportStatus | undefined;
  /** What is exported. */
  ExportType?: ExportType | undefined;
}

/** Answer of ListExports. */
export interface ListExportsOutput {
  /** The exports. */
  ExportSummaries: ExportSummary[];
  /** Where the next page begins, when there is more. */
  NextToken?: string | undefined;
}

/** Where the files are. */
export interface S3BucketSourceInput {
  /** Account of the owner; the database's own when absent. Kept and answered. */
  S3BucketOwner?: string | null | undefined;
  /** A folder of the directory that the option `buckets` names. */
  S3Bucket: string | undefined;
  /** What the paths of the files begin with; all files when absent. */
  S3KeyPrefix?: string | null | undefined;
}

/** How items stand in files. */
export type InputFormat = 'DYNAMODB_JSON' | 'ION' | 'CSV';

/** How rows are read. */
export interface CsvOptionsInput {
  /** What stands between columns: one of `,` `;` `:` `|`, a tab, a space; a comma when absent. */
  Delimiter?: string | null | undefined;
  /** Names of the columns; those in the first row of each file when absent. */
  HeaderList?: List<string> | null | undefined;
}

/** How files are read. */
export interface InputFormatOptionsInput {
  /** Of CSV. */
  Csv?: CsvOptionsInput | null | undefined;
}

/** How files are packed. */
export type InputCompressionType = 'ZSTD' | 'NONE' | 'GZIP';

/** The new table. */
export interface TableCreationParametersInput {
  /** Its name, 3 to 255 of `a-z A-Z 0-9 _ . -`. */
  TableName: string | undefined;
  /** Types of the attributes in keys of the table and of its indexes, and of no others. */
  AttributeDefinitions: List<AttributeDefinitionInput> | undefined;
  /** Partition key, and sort key if there is one. */
  KeySchema: List<KeySchemaElementInput> | undefined;
  /** How capacity is paid for; `PROVISIONED` when absent. */
  BillingMode?: BillingMode | null | undefined;
  /** Capacity of a provisioned table. */
  ProvisionedThroughput?: ProvisionedThroughputInput | null | undefined;
  /** Ceilings of an on-demand table. */
  OnDemandThroughput?: OnDemandThroughputInput | null | undefined;
  /** Encryption at rest; kept and answered. */
  SSESpecification?: SseSpecificationInput | null | undefined;
  /** Indexes with keys of their own, at most 20. */
  GlobalSecondaryIndexes?: List<GlobalSecondaryIndexInput> | null | undefined;
}

/**
 * Makes a table of files in a folder of the directory that the option `buckets` names: an export's, or any of the formats. The table is there
 * at once, and is `CREATING` until all files are read, in small steps that go on after a restart. A file that is wrong at one place is left
 * there; an item that is wrong is left out; both are counted, and the import then ends as `FAILED`, with all other items in the table.
 *
 * Errors: `ValidationException`, also without the option, `ResourceInUseException` for a table that is there, `LimitExceededException`,
 * `ImportConflictException` for a token that was used for another table.
 */
export interface ImportTableInput {
  /** Makes a call repeatable: for 8 hours the same token answers the same import, as long as no table has the name. */
  ClientToken?: string | null | undefined;
  /** Where the files are. */
  S3BucketSource: S3BucketSourceInput | undefined;
  /** How items stand in them. */
  InputFormat: InputFormat | undefined;
  /** How they are read. */
  InputFormatOptions?: InputFormatOptionsInput | null | undefined;
  /** How they are packed, all of them; `NONE` when absent. */
  InputCompressionType?: InputCompressionType | null | undefined;
  /** The new table. */
  TableCreationParameters: TableCreationParametersInput | undefined;
}

/** Where an import is in its life. */
export type ImportStatus = 'IN_PROGRESS' | 'COMPLETED' | 'CANCELLING' | 'CANCELLED' | 'FAILED';

/** Where the files are. */
export interface S3BucketSource {
  /** Account of the owner; the database's own when absent. Kept and answered. */
  S3BucketOwner?: string | undefined;
  /** A folder of the directory that the option `buckets` names. */
  S3Bucket: string;
  /** What the paths of the files begin with; all files when absent. */
  S3KeyPrefix?: string | undefined;
}

/** How rows are read. */
export interface CsvOptions {
  /** What stands between columns: one of `,` `;` `:` `|`, a tab, a space; a comma when absent. */
  Delimiter?: string | undefined;
  /** Names of the columns; those in the first row of each file when absent. */
  HeaderList?: string[] | undefined;
}

/** How files are read. */
export interface InputFormatOptions {
  /** Of CSV. */
  Csv?: CsvOptions | undefined;
}

/** Encryption at rest. Kept and answered: nothing is encrypted. */
export interface SseSpecification {
  /** Whether a key of the account is used. */
  Enabled?: boolean | undefined;
  /** The kind of key. */
  SSEType?: SseType | undefined;
  /** The key. */
  KMSMasterKeyId?: string | undefined;
}

/** Throughput a table is made ready for. */
export interface WarmThroughput {
  /** Reads a second. */
  ReadUnitsPerSecond?: number | undefined;
  /** Writes a second. */
  WriteUnitsPerSecond?: number | undefined;
}

/** An index with a key of its own. */
export interface GlobalSecondaryIndex {
  /** The index's name. */
  IndexName: string;
  /** Its key: one to four partition attributes, then up to four sort attributes. */
  KeySchema: KeySchemaElement[];
  /** What an entry shows. */
  Projection: Projection;
  /** Its own capacity, on a provisioned table. */
  ProvisionedThroughput?: ProvisionedThroughput | undefined;
  /** Its own ceilings, on an on-demand table. Kept and answered, not enforced. */
  OnDemandThroughput?: OnDemandThroughput | undefined;
  /** Throughput it is made ready for. */
  WarmThroughput?: WarmThroughput | undefined;
}

/** The new table. */
export interface TableCreationParameters {
  /** Its name, 3 to 255 of `a-z A-Z 0-9 _ . -`. */
  TableName: string;
  /** Types of the attributes in keys of the table and of its indexes, and of no others. */
  AttributeDefinitions: AttributeDefinition[];
  /** Partition key, and sort key if there is one. */
  KeySchema: KeySchemaElement[];
  /** How capacity is paid for; `PROVISIONED` when absent. */
  BillingMode?: BillingMode | undefined;
  /** Capacity of a provisioned table. */
  ProvisionedThroughput?: ProvisionedThroughput | undefined;
  /** Ceilings of an on-demand table. */
  OnDemandThroughput?: OnDemandThroughput | undefined;
  /** Encryption at rest; kept and answered. */
  SSESpecification?: SseSpecification | undefined;
  /** Indexes with keys of their own, at most 20. */
  GlobalSecondaryIndexes?: GlobalSecondaryIndex[] | undefined;
}

/** An import as it stands. */
export interface ImportTableDescription {
  /** Its ARN. */
  ImportArn?: string | undefined;
  /** Where it is in its life. */
  ImportStatus?: ImportStatus | undefined;
  /** The table; also where none was made. */
  TableArn?: string | undefined;
  /** Identity of the table. */
  TableId?: string | undefined;
  /** The token of the request. */
  ClientToken?: string | undefined;
  /** Where the files are. */
  S3BucketSource?: S3BucketSource | undefined;
  /** Number of items, and of places in files, that could not be read. */
  ErrorCount?: number | undefined;
  /** How items stand in files. */
  InputFormat?: InputFormat | undefined;
  /** How files are read, if the request said so. */
  InputFormatOptions?: InputFormatOptions | undefined;
  /** How files are packed. */
  InputCompressionType?: InputCompressionType | undefined;
  /** The table as it was asked for. */
  TableCreationParameters?: TableCreationParameters | undefined;
  /** When it began. */
  StartTime?: Date | undefined;
  /** When it ended. */
  EndTime?: Date | undefined;
  /** Bytes of files that were read so far. */
  ProcessedSizeBytes?: number | undefined;
  /** Items that were read so far, wrong ones included. */
  ProcessedItemCount?: number | undefined;
  /** Items that were written so far. Of several with one key the last one is left. */
  ImportedItemCount?: number | undefined;
  /** Why it failed: `ItemValidationError`, `S3NoSuchBucket`, `S3AccessDenied`, `S3Unavailable`, `LimitExceeded`. */
  FailureCode?: string | undefined;
  /** The same in words, with the first item that is wrong. */
  FailureMessage?: string | undefined;
}

/** Answer of ImportTable. */
export interface ImportTableOutput {
  /** The import. */
  ImportTableDescription?: ImportTableDescription | undefined;
}

/**
 * Describes an import that began or ended within 90 days.
 *
 * Errors: `ValidationException`, `ImportNotFoundException`, `AccessDeniedException` for one of another account.
 */
export interface DescribeImportInput {
  /** ARN of the import. */
  ImportArn: string | undefined;
}

/** Answer of DescribeImport. */
export interface DescribeImportOutput {
  /** The import. */
  ImportTableDescription?: ImportTableDescription | undefined;
}

/**
 * Lists imports, the newest first.
 *
 * Errors: `ValidationException`.
 */
export interface ListImportsInput {
  /** ARN of a table, also of one that is gone; all imports when absent. */
  TableArn?: string | null | undefined;
  /** At most this many, 1 to 25; 10 when absent. */
  PageSize?: number | bigint | null | undefined;
  /** Where the page begins. */
  NextToken?: string | null | undefined;
}

/** An import in a list. */
export interface ImportSummary {
  /** Its ARN. */
  ImportArn?: string | undefined;
  /** Where it is in its life. */
  ImportStatus?: ImportStatus | undefined;
  /** The table. */
  TableArn?: string | undefined;
  /** Where the files are. */
  S3BucketSource?: S3BucketSource | undefined;
  /** How items stand in them. */
  InputFormat?: InputFormat | undefined;
  /** When it began. */
  StartTime?: Date | undefined;
  /** When it ended. */
  EndTime?: Date | undefined;
}

/** Answer of ListImports. */
export interface ListImportsOutput {
  /** The imports. */
  ImportSummaryList: ImportSummary[];
  /** Where the next page begins, when there is more. */
  NextToken?: string | undefined;
}

/** Whether a table is to be restorable to a moment. */
export interface PointInTimeRecoverySpecification {
  /** Whether it is. */
  PointInTimeRecoveryEnabled: boolean | undefined;
  /** How many days back; 35 when absent. */
  RecoveryPeriodInDays?: number | bigint | null | undefined;
}

/**
 * Sets whether a table is to be restorable to a moment of the last days. While it is, what each write replaces is kept for so long, and a day
 * more at most. Turning it off forgets that.
 *
 * Errors: `ValidationException`, `TableNotFoundException`.
 */
export interface UpdateContinuousBackupsInput {
  /** Name or ARN of the table. */
  TableName: string | undefined;
  /** What it is to be. */
  PointInTimeRecoverySpecification: PointInTimeRecoverySpecification | undefined;
}

/** Whether a table can be backed up. */
export type ContinuousBackupsStatus = 'ENABLED' | 'DISABLED';

/** Whether a table can be restored to a moment. */
export type PointInTimeRecoveryStatus = 'ENABLED' | 'DISABLED';

/** Whether a table can be restored to a moment. */
export interface PointInTimeRecoveryDescription {
  /** Whether it can. */
  PointInTimeRecoveryStatus: PointInTimeRecoveryStatus;
  /** How many days back; absent when it cannot. */
  RecoveryPeriodInDays?: number | undefined;
  /** The first of the moments. */
  EarliestRestorableDateTime?: Date | undefined;
  /** The last of the moments. */
  LatestRestorableDateTime?: Date | undefined;
}

/** Continuous backups of a table as they stand. */
export interface ContinuousBackupsDescription {
  /** Whether it can be backed up: always. */
  ContinuousBackupsStatus: ContinuousBackupsStatus;
  /** Whether it can be restored to a moment. */
  PointInTimeRecoveryDescription: PointInTimeRecoveryDescription;
}

/** Answer of UpdateContinuousBackups. */
export interface UpdateContinuousBackupsOutput {
  /** Continuous backups as they stand. */
  ContinuousBackupsDescription: ContinuousBackupsDescription;
}

/**
 * Tells whether a table is set to be restorable to a moment.
 *
 * Errors: `TableNotFoundException`.
 */
export interface DescribeContinuousBackupsInput {
  /** Name or ARN of the table. */
  TableName: string | undefined;
}

/** Answer of DescribeContinuousBackups. */
export interface DescribeContinuousBackupsOutput {
  /** Continuous backups as they stand. */
  ContinuousBackupsDescription: ContinuousBackupsDescription;
}

/** What is to become of contributor insights. */
export type ContributorInsightsAction = 'ENABLE' | 'DISABLE';

/** What contributor insights look at. */
export type ContributorInsightsMode = 'ACCESSED_AND_THROTTLED_KEYS' | 'THROTTLED_KEYS';

/**
 * Turns contributor insights of a table or index on or off. The setting is kept; there are no insights.
 *
 * Errors: `ValidationException`, `ResourceNotFoundException`.
 */
export interface UpdateContributorInsightsInput {
  /** Name or ARN of the table. */
  TableName: string | undefined;
  /** An index of it; the table itself when absent. */
  IndexName?: string | null | undefined;
  /** On or off. */
  ContributorInsightsAction: ContributorInsightsAction | undefined;
  /** What to look at; `ACCESSED_AND_THROTTLED_KEYS` when absent. */
  ContributorInsightsMode?: ContributorInsightsMode | null | undefined;
}

/** Where contributor insights are. */
export type ContributorInsightsStatus = 'ENABLING' | 'ENABLED' | 'DISABLING' | 'DISABLED' | 'FAILED';

/** Answer of UpdateContributorInsights. */
export interface UpdateContributorInsightsOutput {
  /** The table. */
  TableName?: string | undefined;
  /** The index, if one was named. */
  IndexName?: string | undefined;
  /** Where they are now. */
  ContributorInsightsStatus?: ContributorInsightsStatus | undefined;
  /** What they look at. */
  ContributorInsightsMode?: ContributorInsightsMode | undefined;
}

/**
 * Tells whether contributor insights of a table or index are on.
 *
 * Errors: `ResourceNotFoundException`.
 */
export interface DescribeContributorInsightsInput {
  /** Name or ARN of the table. */
  TableName: string | undefined;
  /** An index of it; the table itself when absent. */
  IndexName?: string | null | undefined;
}

/** Why contributor insights failed. They never do here. */
export interface FailureException {
  /** Its name. */
  ExceptionName?: string | undefined;
  /** Its text. */
  ExceptionDescription?: string | undefined;
}

/** Answer of DescribeContributorInsights. */
export interface DescribeContributorInsightsOutput {
  /** The table. */
  TableName?: string | undefined;
  /** The index, if one was named. */
  IndexName?: string | undefined;
  /** Names of the rules that the service would have made. */
  ContributorInsightsRuleList?: string[] | undefined;
  /** Where they are. */
  ContributorInsightsStatus: ContributorInsightsStatus;
  /** When that was changed last. */
  LastUpdateDateTime?: Date | undefined;
  /** Never there. */
  FailureException?: FailureException | undefined;
  /** What they look at. */
  ContributorInsightsMode?: ContributorInsightsMode | undefined;
}

/**
 * Lists the tables and indexes whose contributor insights are not off.
 *
 * Errors: `ResourceNotFoundException`.
 */
export interface ListContributorInsightsInput {
  /** Name or ARN of a table; all tables when absent. */
  TableName?: string | null | undefined;
  /** Where the last page ended. */
  NextToken?: string | null | undefined;
  /** At most this many; 100 when absent. */
  MaxResults?: number | bigint | null | undefined;
}

/** Contributor insights of a table or index. */
export interface ContributorInsightsSummary {
  /** The table. */
  TableName?: string | undefined;
  /** The index; absent for the table itself. */
  IndexName?: string | undefined;
  /** Where they are. */
  ContributorInsightsStatus?: ContributorInsightsStatus | undefined;
  /** What they look at. */
  ContributorInsightsMode?: ContributorInsightsMode | undefined;
}

/** Answer of ListContributorInsights. */
export interface ListContributorInsightsOutput {
  /** Those that are not off, by table and index. */
  ContributorInsightsSummaries: ContributorInsightsSummary[];
  /** Where the next page starts, when there is more. */
  NextToken?: string | undefined;
}

/**
 * Tells which Kinesis data streams a table is or was connected with.
 *
 * Errors: `ResourceNotFoundException`.
 */
export interface DescribeKinesisStreamingDestinationInput {
  /** Name or ARN of the table. */
  TableName: string | undefined;
}

/** Where a Kinesis destination is. */
export type DestinationStatus = 'ENABLING' | 'ACTIVE' | 'DISABLING' | 'DISABLED' | 'ENABLE_FAILED' | 'UPDATING';

/** How exactly records tell their time. */
export type ApproximateCreationDateTimePrecision = 'MILLISECOND' | 'MICROSECOND';

/** A Kinesis data stream that a table is or was connected with. */
export interface KinesisDataStreamDestination {
  /** Its ARN. */
  StreamArn?: string | undefined;
  /** Where the connection is. */
  DestinationStatus?: DestinationStatus | undefined;
  /** Why it failed. Never there. */
  DestinationStatusDescription?: string | undefined;
  /** How exactly records tell their time; `MILLISECOND` when absent. */
  ApproximateCreationDateTimePrecision?: ApproximateCreationDateTimePrecision | undefined;
}

/** Answer of DescribeKinesisStreamingDestination. */
export interface DescribeKinesisStreamingDestinationOutput {
  /** The table. */
  TableName: string;
  /** The destinations, the newest first. */
  KinesisDataStreamDestinations: KinesisDataStreamDestination[];
}

/** How records are sent to a Kinesis data stream. */
export interface EnableKinesisStreamingConfigurationInput {
  /** How exactly they tell their time; `MILLISECOND` when absent. */
  ApproximateCreationDateTimePrecision?: ApproximateCreationDateTimePrecision | null | undefined;
}

/**
 * Connects a table with a Kinesis data stream of this database, which then has each change in the commit that makes it.
 *
 * Errors: `ValidationException` when the destination is not in the state for it, `ResourceNotFoundException`.
 */
export interface EnableKinesisStreamingDestinationInput {
  /** Name or ARN of the table. */
  TableName: string | undefined;
  /** ARN of the Kinesis data stream. */
  StreamArn: string | undefined;
  /** How records are sent. */
  EnableKinesisStreamingConfiguration?: EnableKinesisStreamingConfigurationInput | null | undefined;
}

/** How records are sent to a Kinesis data stream. */
export interface EnableKinesisStreamingConfiguration {
  /** How exactly they tell their time; `MILLISECOND` when absent. */
  ApproximateCreationDateTimePrecision?: ApproximateCreationDateTimePrecision | undefined;
}

/** Answer of EnableKinesisStreamingDestination. */
export interface EnableKinesisStreamingDestinationOutput {
  /** The table. */
  TableName?: string | undefined;
  /** ARN of the Kinesis data stream. */
  StreamArn?: string | undefined;
  /** Where the destination is now. */
  DestinationStatus?: DestinationStatus | undefined;
  /** How records are sent. */
  EnableKinesisStreamingConfiguration?: EnableKinesisStreamingConfiguration | undefined;
}

/**
 * Ends the connection of a table with a Kinesis data stream. The destination is kept; nothing more is delivered.
 *
 * Errors: `ValidationException` when the destination is not in the state for it, `ResourceNotFoundException`.
 */
export interface DisableKinesisStreamingDestinationInput {
  /** Name or ARN of the table. */
  TableName: string | undefined;
  /** ARN of the Kinesis data stream. */
  StreamArn: string | undefined;
  /** Refused: an end has no configuration. */
  EnableKinesisStreamingConfiguration?: EnableKinesisStreamingConfigurationInput | null | undefined;
}

/** Answer of DisableKinesisStreamingDestination. */
export interface DisableKinesisStreamingDestinationOutput {
  /** The table. */
  TableName?: string | undefined;
  /** ARN of the Kinesis data stream. */
  StreamArn?: string | undefined;
  /** Where the destination is now. */
  DestinationStatus?: DestinationStatus | undefined;
  /** How records are sent. */
  EnableKinesisStreamingConfiguration?: EnableKinesisStreamingConfiguration | undefined;
}

/** What is to change in how records are sent. */
export interface UpdateKinesisStreamingConfigurationInput {
  /** How exactly they tell their time. */
  ApproximateCreationDateTimePrecision?: ApproximateCreationDateTimePrecision | null | undefined;
}

/**
 * Changes how records are sent to a Kinesis data stream.
 *
 * Errors: `ValidationException` when the destination is not active or nothing would change, `ResourceNotFoundException`.
 */
export interface UpdateKinesisStreamingDestinationInput {
  /** Name or ARN of the table. */
  TableName: string | undefined;
  /** ARN of the Kinesis data stream. */
  StreamArn: string | undefined;
  /** What is to change. */
  UpdateKinesisStreamingConfiguration?: UpdateKinesisStreamingConfigurationInput | null | undefined;
}

/** What is to change in how records are sent. */
export interface UpdateKinesisStreamingConfiguration {
  /** How exactly they tell their time. */
  ApproximateCreationDateTimePrecision?: ApproximateCreationDateTimePrecision | undefined;
}

/** Answer of UpdateKinesisStreamingDestination. */
export interface UpdateKinesisStreamingDestinationOutput {
  /** The table. */
  TableName?: string | undefined;
  /** ARN of the Kinesis data stream. */
  StreamArn?: string | undefined;
  /** Where the destination is now. */
  DestinationStatus?: DestinationStatus | undefined;
  /** What is changing. */
  UpdateKinesisStreamingConfiguration?: UpdateKinesisStreamingConfiguration | undefined;
}

/** Lists the global tables of the version of 2017. There are none. */
export interface ListGlobalTablesInput {
  /** Names after this one. */
  ExclusiveStartGlobalTableName?: string | null | undefined;
  /** At most this many. */
  Limit?: number | bigint | null | undefined;
  /** Those with a replica in this region. */
  RegionName?: string | null | undefined;
}

/** A region of a global table. */
export interface Replica {
  /** Its name. */
  RegionName?: string | undefined;
}

/** A global table of the version of 2017. */
export interface GlobalTable {
  /** Its name. */
  GlobalTableName?: string | undefined;
  /** Its regions. */
  ReplicationGroup?: Replica[] | undefined;
}

/** Answer of ListGlobalTables. */
export interface ListGlobalTablesOutput {
  /** None. */
  GlobalTables: GlobalTable[];
  /** Never there. */
  LastEvaluatedGlobalTableName?: string | undefined;
}

/** A region of a global table. */
export interface ReplicaInput {
  /** Its name. */
  RegionName?: string | null | undefined;
}

/**
 * Makes a global table of the version of 2017, which the service itself does not make any more.
 *
 * Errors: `ValidationException`, always.
 */
export interface CreateGlobalTableInput {
  /** Its name. */
  GlobalTableName: string | undefined;
  /** Its regions. */
  ReplicationGroup: List<ReplicaInput> | undefined;
}

/** Answer of CreateGlobalTable, which there is none of. */
export type CreateGlobalTableOutput = { [name: string]: never };

/** A region to add. */
export interface CreateReplicaAction {
  /** Its name. */
  RegionName: string | undefined;
}

/** A region to remove. */
export interface DeleteReplicaAction {
  /** Its name. */
  RegionName: string | undefined;
}

/** A change of the regions of a global table. */
export interface ReplicaUpdate {
  /** A region to add. */
  Create?: CreateReplicaAction | null | undefined;
  /** A region to remove. */
  Delete?: DeleteReplicaAction | null | undefined;
}

/**
 * Changes the regions of a global table of the version of 2017, which the service itself does not do any more.
 *
 * Errors: `ValidationException`, always.
 */
export interface UpdateGlobalTableInput {
  /** Its name. */
  GlobalTableName: string | undefined;
  /** Regions to add and remove. */
  ReplicaUpdates: List<ReplicaUpdate> | undefined;
}

/** Answer of UpdateGlobalTable, which there is none of. */
export type UpdateGlobalTableOutput = { [name: string]: never };

/**
 * Describes a global table of the version of 2017. There are none.
 *
 * Errors: `GlobalTableNotFoundException`, always.
 */
export interface DescribeGlobalTableInput {
  /** Its name. */
  GlobalTableName: string | undefined;
}

/** Answer of DescribeGlobalTable, which there is none of. */
export type DescribeGlobalTableOutput = { [name: string]: never };

/**
 * Describes the settings of a global table of the version of 2017. There are none.
 *
 * Errors: `GlobalTableNotFoundException`, always.
 */
export interface DescribeGlobalTableSettingsInput {
  /** Its name. */
  GlobalTableName: string | undefined;
}

/** Answer of DescribeGlobalTableSettings, which there is none of. */
export type DescribeGlobalTableSettingsOutput = { [name: string]: never };

/**
 * Changes the settings of a global table of the version of 2017. There are none.
 *
 * Errors: `GlobalTableNotFoundException`, always.
 */
export interface UpdateGlobalTableSettingsInput {
  /** Its name. */
  GlobalTableName: string | undefined;
}

/** Answer of UpdateGlobalTableSettings, which there is none of. */
export type UpdateGlobalTableSettingsOutput = { [name: string]: never };

/**
 * Describes how the replicas of a table scale. No table has replicas.
 *
 * Errors: `ResourceNotFoundException`, always.
 */
export interface DescribeTableReplicaAutoScalingInput {
  /** Name or ARN of the table. */
  TableName: string | undefined;
}

/** Answer of DescribeTableReplicaAutoScaling, which there is none of. */
export type DescribeTableReplicaAutoScalingOutput = { [name: string]: never };

/**
 * Changes how the replicas of a table scale. No table has replicas.
 *
 * Errors: `ResourceNotFoundException`, always.
 */
export interface UpdateTableReplicaAutoScalingInput {
  /** Name or ARN of the table. */
  TableName: string | undefined;
}

/** Answer of UpdateTableReplicaAutoScaling, which there is none of. */
export type UpdateTableReplicaAutoScalingOutput = { [name: string]: never };

/** A legacy comparison. */
export type ComparisonOperator = 'IN' | 'NULL' | 'BETWEEN' | 'LT' | 'NOT_CONTAINS' | 'EQ' | 'GT' | 'NOT_NULL' | 'NE' | 'LE' | 'BEGINS_WITH' | 'GE' | 'CONTAINS';

/** A legacy condition of a write. */
export interface ExpectedAttributeValue {
  /** The value to compare with. */
  Value?: AttributeValueInput | null | undefined;
  /** Whether the attribute exists. */
  Exists?: boolean | null | undefined;
  /** The comparison. */
  ComparisonOperator?: ComparisonOperator | null | undefined;
  /** The values to compare with. */
  AttributeValueList?: List<AttributeValueInput> | null | undefined;
}

/** Which attributes a write answers with. */
export type ReturnValue = 'ALL_NEW' | 'UPDATED_OLD' | 'ALL_OLD' | 'NONE' | 'UPDATED_NEW';

/** How much to tell of the capacity used. */
export type ReturnConsumedCapacity = 'INDEXES' | 'TOTAL' | 'NONE';

/** Whether to tell the size of the item collection. */
export type ReturnItemCollectionMetrics = 'SIZE' | 'NONE';

/** How legacy conditions combine. */
export type ConditionalOperator = 'OR' | 'AND';

/** Whether a failed condition answers with the item. */
export type ReturnValuesOnConditionCheckFailure = 'ALL_OLD' | 'NONE';

/**
 * Writes a whole item, replacing the one with the same key.
 *
 * Errors: `ValidationException`, `ResourceNotFoundException`, `ConditionalCheckFailedException`,
 * `ItemCollectionSizeLimitExceededException`.
 */
export interface PutItemInput {
  /** Name or ARN of the table. */
  TableName: string | undefined;
  /** The item, at most 400 KB. */
  Item: ItemInput | undefined;
  /** Legacy conditions, by attribute. */
  Expected?: { readonly [name: string]: ExpectedAttributeValue } | null | undefined;
  /** `NONE` or `ALL_OLD`. */
  ReturnValues?: ReturnValue | null | undefined;
  /** How much to tell of the capacity used. */
  ReturnConsumedCapacity?: ReturnConsumedCapacity | null | undefined;
  /** Whether to tell the size of the item collection, in a table with local indexes. */
  ReturnItemCollectionMetrics?: ReturnItemCollectionMetrics | null | undefined;
  /** How the legacy conditions combine. */
  ConditionalOperator?: ConditionalOperator | null | undefined;
  /** What must hold of the item as it is. */
  ConditionExpression?: string | null | undefined;
  /** `#name` placeholders. */
  ExpressionAttributeNames?: { readonly [name: string]: string } | null | undefined;
  /** `:value` placeholders. */
  ExpressionAttributeValues?: ItemInput | null | undefined;
  /** Whether a failed condition answers with the item. */
  ReturnValuesOnConditionCheckFailure?: ReturnValuesOnConditionCheckFailure | null | undefined;
}

/** Capacity used by a table or index. */
export interface Capacity {
  /** Read units. */
  ReadCapacityUnits?: number | undefined;
  /** Write units. */
  WriteCapacityUnits?: number | undefined;
  /** Units together. */
  CapacityUnits?: number | undefined;
}

/** Capacity used by an operation. */
export interface ConsumedCapacity {
  /** The table, as the request named it. */
  TableName?: string | undefined;
  /** Units together. */
  CapacityUnits?: number | undefined;
  /** Read units, in transactions. */
  ReadCapacityUnits?: number | undefined;
  /** Write units, in transactions. */
  WriteCapacityUnits?: number | undefined;
  /** The table's part. */
  Table?: Capacity | undefined;
  /** The parts of local indexes, by name. */
  LocalSecondaryIndexes?: { [name: string]: Capacity } | undefined;
  /** The parts of global indexes, by name. */
  GlobalSecondaryIndexes?: { [name: string]: Capacity } | undefined;
}

/** The items of one partition key in a table with local indexes, and their entries there. */
export interface ItemCollectionMetrics {
  /** The partition key. */
  ItemCollectionKey?: Item | undefined;
  /** Whole gigabytes between which the size lies: at least, at most. */
  SizeEstimateRangeGB?: number[] | undefined;
}

/** Answer of PutItem. */
export interface PutItemOutput {
  /** The replaced item, if asked for and there was one. */
  Attributes?: Item | undefined;
  /** Capacity used, if asked for. */
  ConsumedCapacity?: ConsumedCapacity | undefined;
  /** The item collection that was written to, if asked for, in a table with local indexes. */
  ItemCollectionMetrics?: ItemCollectionMetrics | undefined;
}

/**
 * Reads an item.
 *
 * Errors: `ValidationException`, `ResourceNotFoundException`.
 */
export interface GetItemInput {
  /** Name or ARN of the table. */
  TableName: string | undefined;
  /** The whole key. */
  Key: ItemInput | undefined;
  /** Legacy list of attributes to answer with. */
  AttributesToGet?: List<string> | null | undefined;
  /** Whether the read must see every finished write. It always does here; it counts for capacity. */
  ConsistentRead?: boolean | null | undefined;
  /** How much to tell of the capacity used. */
  ReturnConsumedCapacity?: ReturnConsumedCapacity | null | undefined;
  /** Which parts to answer with. */
  ProjectionExpression?: string | null | undefined;
  /** `#name` placeholders. */
  ExpressionAttributeNames?: { readonly [name: string]: string } | null | undefined;
}

/** Answer of GetItem. */
export interface GetItemOutput {
  /** The item; absent when there is none. */
  Item?: Item | undefined;
  /** Capacity used, if asked for. */
  ConsumedCapacity?: ConsumedCapacity | undefined;
}

/** What a legacy update does with an attribute. */
export type AttributeAction = 'ADD' | 'DELETE' | 'PUT';

/** A legacy update of one attribute. */
export interface AttributeValueUpdate {
  /** The value. */
  Value?: AttributeValueInput | null | undefined;
  /** What to do with it; `PUT` when absent. */
  Action?: AttributeAction | null | undefined;
}

/**
 * Changes parts of an item, creating it when absent.
 *
 * Errors: `ValidationException`, `ResourceNotFoundException`, `ConditionalCheckFailedException`,
 * `ItemCollectionSizeLimitExceededException`.
 */
export interface UpdateItemInput {
  /** Name or ARN of the table. */
  TableName: string | undefined;
  /** The whole key. */
  Key: ItemInput | undefined;
  /** Legacy updates, by attribute. */
  AttributeUpdates?: { readonly [name: string]: AttributeValueUpdate } | null | undefined;
  /** Legacy conditions, by attribute. */
  Expected?: { readonly [name: string]: ExpectedAttributeValue } | null | undefined;
  /** How the legacy conditions combine. */
  ConditionalOperator?: ConditionalOperator | null | undefined;
  /** Which attributes to answer with. */
  ReturnValues?: ReturnValue | null | undefined;
  /** How much to tell of the capacity used. */
  ReturnConsumedCapacity?: ReturnConsumedCapacity | null | undefined;
  /** Whether to tell the size of the item collection, in a table with local indexes. */
  ReturnItemCollectionMetrics?: ReturnItemCollectionMetrics | null | undefined;
  /** What to change. */
  UpdateExpression?: string | null | undefined;
  /** What must hold of the item as it is. */
  ConditionExpression?: string | null | undefined;
  /** `#name` placeholders. */
  ExpressionAttributeNames?: { readonly [name: string]: string } | null | undefined;
  /** `:value` placeholders. */
  ExpressionAttributeValues?: ItemInput | null | undefined;
  /** Whether a failed condition answers with the item. */
  ReturnValuesOnConditionCheckFailure?: ReturnValuesOnConditionCheckFailure | null | undefined;
}

/** Answer of UpdateItem. */
export interface UpdateItemOutput {
  /** The attributes asked for, when there are any. */
  Attributes?: Item | undefined;
  /** Capacity used, if asked for. */
  ConsumedCapacity?: ConsumedCapacity | undefined;
  /** The item collection that was written to, if asked for, in a table with local indexes. */
  ItemCollectionMetrics?: ItemCollectionMetrics | undefined;
}

/**
 * Deletes an item. Deleting what is not there is no error.
 *
 * Errors: `ValidationException`, `ResourceNotFoundException`, `ConditionalCheckFailedException`,
 * `ItemCollectionSizeLimitExceededException`.
 */
export interface DeleteItemInput {
  /** Name or ARN of the table. */
  TableName: string | undefined;
  /** The whole key. */
  Key: ItemInput | undefined;
  /** Legacy conditions, by attribute. */
  Expected?: { readonly [name: string]: ExpectedAttributeValue } | null | undefined;
  /** How the legacy conditions combine. */
  ConditionalOperator?: ConditionalOperator | null | undefined;
  /** `NONE` or `ALL_OLD`. */
  ReturnValues?: ReturnValue | null | undefined;
  /** How much to tell of the capacity used. */
  ReturnConsumedCapacity?: ReturnConsumedCapacity | null | undefined;
  /** Whether to tell the size of the item collection, in a table with local indexes. */
  ReturnItemCollectionMetrics?: ReturnItemCollectionMetrics | null | undefined;
  /** What must hold of the item as it is. */
  ConditionExpression?: string | null | undefined;
  /** `#name` placeholders. */
  ExpressionAttributeNames?: { readonly [name: string]: string } | null | undefined;
  /** `:value` placeholders. */
  ExpressionAttributeValues?: ItemInput | null | undefined;
  /** Whether a failed condition answers with the item. */
  ReturnValuesOnConditionCheckFailure?: ReturnValuesOnConditionCheckFailure | null | undefined;
}

/** Answer of DeleteItem. */
export interface DeleteItemOutput {
  /** The deleted item, if asked for and there was one. */
  Attributes?: Item | undefined;
  /** Capacity used, if asked for. */
  ConsumedCapacity?: ConsumedCapacity | undefined;
  /** The item collection that was written to, if asked for, in a table with local indexes. */
  ItemCollectionMetrics?: ItemCollectionMetrics | undefined;
}

/** An item to be written. */
export interface PutRequestInput {
  /** The item, at most 400 KB. */
  Item: ItemInput | undefined;
}

/** An item to be deleted. */
export interface DeleteRequestInput {
  /** The whole key. */
  Key: ItemInput | undefined;
}

/** One of two: a put or a deletion. */
export interface WriteRequestInput {
  /** A put. */
  PutRequest?: PutRequestInput | null | undefined;
  /** A deletion. */
  DeleteRequest?: DeleteRequestInput | null | undefined;
}

/**
 * Writes and deletes up to 25 items of any tables, at one moment; where tables are throttled, what there is no capacity for is left to another request.
 *
 * Errors: `ValidationException`, `ResourceNotFoundException`, `ItemCollectionSizeLimitExceededException`.
 */
export interface BatchWriteItemInput {
  /** What to do, by name or ARN of the table. */
  RequestItems: { readonly [name: string]: List<WriteRequestInput> } | undefined;
  /** How much to tell of the capacity used. */
  ReturnConsumedCapacity?: ReturnConsumedCapacity | null | undefined;
  /** Whether to tell the sizes of item collections, in tables with local indexes. */
  ReturnItemCollectionMetrics?: ReturnItemCollectionMetrics | null | undefined;
}

/** An item to be written. */
export interface PutRequest {
  /** The item, at most 400 KB. */
  Item: Item;
}

/** An item to be deleted. */
export interface DeleteRequest {
  /** The whole key. */
  Key: Item;
}

/** One of two: a put or a deletion. */
export interface WriteRequest {
  /** A put. */
  PutRequest?: PutRequest | undefined;
  /** A deletion. */
  DeleteRequest?: DeleteRequest | undefined;
}

/** Answer of BatchWriteItem. */
export interface BatchWriteItemOutput {
  /** What is to be sent again, because there is no capacity for it now. */
  UnprocessedItems: { [name: string]: WriteRequest[] };
  /** The item collections that were written to, by table, if asked for, in tables with local indexes. */
  ItemCollectionMetrics?: { [name: string]: ItemCollectionMetrics[] } | undefined;
  /** Capacity used, by table, if asked for. */
  ConsumedCapacity?: ConsumedCapacity[] | undefined;
}

/** Items of one table to be read. */
export interface KeysAndAttributesInput {
  /** Their keys. */
  Keys: List<ItemInput> | undefined;
  /** Legacy: names of top-level attributes to answer. */
  AttributesToGet?: List<string> | null | undefined;
  /** Whether the newest write must be seen; here it always is. */
  ConsistentRead?: boolean | null | undefined;
  /** What to answer of each item. */
  ProjectionExpression?: string | null | undefined;
  /** `#name` placeholders. */
  ExpressionAttributeNames?: { readonly [name: string]: string } | null | undefined;
}

/**
 * Reads up to 100 items of any tables, and up to 16 MB of them.
 *
 * Errors: `ValidationException`, `ResourceNotFoundException`.
 */
export interface BatchGetItemInput {
  /** What to read, by name or ARN of the table. */
  RequestItems: { readonly [name: string]: KeysAndAttributesInput } | undefined;
  /** How much to tell of the capacity used. */
  ReturnConsumedCapacity?: ReturnConsumedCapacity | null | undefined;
}

/** Items of one table to be read. */
export interface KeysAndAttributes {
  /** Their keys. */
  Keys: Item[];
  /** Legacy: names of top-level attributes to answer. */
  AttributesToGet?: string[] | undefined;
  /** Whether the newest write must be seen; here it always is. */
  ConsistentRead?: boolean | undefined;
  /** What to answer of each item. */
  ProjectionExpression?: string | undefined;
  /** `#name` placeholders. */
  ExpressionAttributeNames?: { [name: string]: string } | undefined;
}

/** Answer of BatchGetItem. */
export interface BatchGetItemOutput {
  /** The items that are there, by table as the request named it, in the order of their keys in the request. */
  Responses: { [name: string]: Item[] };
  /** What is to be asked for again, because the answer is full. */
  UnprocessedKeys: { [name: string]: KeysAndAttributes };
  /** Capacity used, by table, if asked for. */
  ConsumedCapacity?: ConsumedCapacity[] | undefined;
}

/** A condition on an item that the transaction leaves as it is. */
export interface ConditionCheck {
  /** The whole key. */
  Key: ItemInput | undefined;
  /** Name or ARN of the table. */
  TableName: string | undefined;
  /** What must hold of the item as it is. */
  ConditionExpression: string | undefined;
  /** `#name` placeholders. */
  ExpressionAttributeNames?: { readonly [name: string]: string } | null | undefined;
  /** `:value` placeholders. */
  ExpressionAttributeValues?: ItemInput | null | undefined;
  /** Whether the reason of a failed condition has the item. */
  ReturnValuesOnConditionCheckFailure?: ReturnValuesOnConditionCheckFailure | null | undefined;
}

/** An item to be written, replacing what is there. */
export interface Put {
  /** The item, at most 400 KB. */
  Item: ItemInput | undefined;
  /** Name or ARN of the table. */
  TableName: string | undefined;
  /** What must hold of the item as it is. */
  ConditionExpression?: string | null | undefined;
  /** `#name` placeholders. */
  ExpressionAttributeNames?: { readonly [name: string]: string } | null | undefined;
  /** `:value` placeholders. */
  ExpressionAttributeValues?: ItemInput | null | undefined;
  /** Whether the reason of a failed condition has the item. */
  ReturnValuesOnConditionCheckFailure?: ReturnValuesOnConditionCheckFailure | null | undefined;
}

/** An item to be deleted. Deleting what is not there is no error. */
export interface Delete {
  /** The whole key. */
  Key: ItemInput | undefined;
  /** Name or ARN of the table. */
  TableName: string | undefined;
  /** What must hold of the item as it is. */
  ConditionExpression?: string | null | undefined;
  /** `#name` placeholders. */
  ExpressionAttributeNames?: { readonly [name: string]: string } | null | undefined;
  /** `:value` placeholders. */
  ExpressionAttributeValues?: ItemInput | null | undefined;
  /** Whether the reason of a failed condition has the item. */
  ReturnValuesOnConditionCheckFailure?: ReturnValuesOnConditionCheckFailure | null | undefined;
}

/** An item to be changed, or made from its key if it is not there. */
export interface Update {
  /** The whole key. */
  Key: ItemInput | undefined;
  /** What to change. */
  UpdateExpression: string | undefined;
  /** Name or ARN of the table. */
  TableName: string | undefined;
  /** What must hold of the item as it is. */
  ConditionExpression?: string | null | undefined;
  /** `#name` placeholders. */
  ExpressionAttributeNames?: { readonly [name: string]: string } | null | undefined;
  /** `:value` placeholders. */
  ExpressionAttributeValues?: ItemInput | null | undefined;
  /** Whether the reason of a failed condition has the item. */
  ReturnValuesOnConditionCheckFailure?: ReturnValuesOnConditionCheckFailure | null | undefined;
}

/** One action of a transaction: one of the four. */
export interface TransactWriteItem {
  /** A condition without a change. */
  ConditionCheck?: ConditionCheck | null | undefined;
  /** A put. */
  Put?: Put | null | undefined;
  /** A deletion. */
  Delete?: Delete | null | undefined;
  /** An update. */
  Update?: Update | null | undefined;
}

/**
 * Up to 100 writes and conditions on different items of any tables, 4 MB together: all of them happen, at one moment, or none.
 *
 * Errors: `ValidationException`, `ResourceNotFoundException`; `TransactionCanceledException`, whose reasons say which action is
 * the cause; `IdempotentParameterMismatchException`.
 */
export interface TransactWriteItemsInput {
  /** Makes the call safe to repeat: within ten minutes of the first, calls with the same token change nothing more. */
  ClientRequestToken?: string | null | undefined;
  /** How much to tell of the capacity used. */
  ReturnConsumedCapacity?: ReturnConsumedCapacity | null | undefined;
  /** Whether to tell the sizes of item collections, in tables with local indexes. */
  ReturnItemCollectionMetrics?: ReturnItemCollectionMetrics | null | undefined;
  /** The actions. */
  TransactItems: List<TransactWriteItem> | undefined;
}

/** Answer of TransactWriteItems. */
export interface TransactWriteItemsOutput {
  /**
   * The item collections that were written to, by table, if asked for, in tables with local indexes; nothing where the token says that all
   * was done before.
   */
  ItemCollectionMetrics?: { [name: string]: ItemCollectionMetrics[] } | undefined;
  /** Capacity used, by table, if asked for: of writes, or of reads where the token says that all was done before. */
  ConsumedCapacity?: ConsumedCapacity[] | undefined;
}

/** An item to be read. */
export interface Get {
  /** The whole key. */
  Key: ItemInput | undefined;
  /** Name or ARN of the table. */
  TableName: string | undefined;
  /** What to answer of the item. */
  ProjectionExpression?: string | null | undefined;
  /** `#name` placeholders. */
  ExpressionAttributeNames?: { readonly [name: string]: string } | null | undefined;
}

/** One action of a reading transaction. */
export interface TransactGetItem {
  /** What to read. */
  Get: Get | undefined;
}

/**
 * Reads up to 100 different items of any tables, 4 MB together, as all of them are at one moment.
 *
 * Errors: `ValidationException`, `ResourceNotFoundException`, `TransactionCanceledException`.
 */
export interface TransactGetItemsInput {
  /** How much to tell of the capacity used. */
  ReturnConsumedCapacity?: ReturnConsumedCapacity | null | undefined;
  /** What to read. */
  TransactItems: List<TransactGetItem> | undefined;
}

/** What one action found. */
export interface ItemResponse {
  /** The item, if there is one. */
  Item?: Item | undefined;
}

/** Answer of TransactGetItems. */
export interface TransactGetItemsOutput {
  /** Capacity used, by table, if asked for. */
  ConsumedCapacity?: ConsumedCapacity[] | undefined;
  /** What was found, in the order of the request. */
  Responses: ItemResponse[];
}

/** What a page answers with. */
export type Select = 'SPECIFIC_ATTRIBUTES' | 'COUNT' | 'ALL_ATTRIBUTES' | 'ALL_PROJECTED_ATTRIBUTES';

/** A legacy condition of a read. */
export interface Condition {
  /** The values to compare with. */
  AttributeValueList?: List<AttributeValueInput> | null | undefined;
  /** The comparison. */
  ComparisonOperator: ComparisonOperator | undefined;
}

/**
 * Reads the items of one partition key, of the table or of an index, in sort-key order.
 *
 * Errors: `ValidationException`, `ResourceNotFoundException`.
 */
export interface QueryInput {
  /** Name or ARN of the table. */
  TableName: string | undefined;
  /** The index to read. */
  IndexName?: string | null | undefined;
  /** What to answer with. */
  Select?: Select | null | undefined;
  /** Legacy list of attributes to answer with. */
  AttributesToGet?: List<string> | null | undefined;
  /** At most this many items are evaluated. */
  Limit?: number | bigint | null | undefined;
  /** Counts for capacity; reads always see every finished write here. */
  ConsistentRead?: boolean | null | undefined;
  /** Legacy key conditions, by attribute. */
  KeyConditions?: { readonly [name: string]: Condition } | null | undefined;
  /** Legacy filter, by attribute. */
  QueryFilter?: { readonly [name: string]: Condition } | null | undefined;
  /** How the legacy filters combine. */
  ConditionalOperator?: ConditionalOperator | null | undefined;
  /** Ascending (default) or descending sort keys. */
  ScanIndexForward?: boolean | null | undefined;
  /** Where the page starts: the last page's `LastEvaluatedKey`. */
  ExclusiveStartKey?: ItemInput | null | undefined;
  /** How much to tell of the capacity used. */
  ReturnConsumedCapacity?: ReturnConsumedCapacity | null | undefined;
  /** Which parts to answer with. */
  ProjectionExpression?: string | null | undefined;
  /** Which of the evaluated items to answer with. */
  FilterExpression?: string | null | undefined;
  /** Which keys to evaluate. */
  KeyConditionExpression?: string | null | undefined;
  /** `#name` placeholders. */
  ExpressionAttributeNames?: { readonly [name: string]: string } | null | undefined;
  /** `:value` placeholders. */
  ExpressionAttributeValues?: ItemInput | null | undefined;
}

/** Answer of Query. */
export interface QueryOutput {
  /** The items; absent when only numbers were asked for. */
  Items?: Item[] | undefined;
  /** Number of items answered with. */
  Count: number;
  /** Number of items evaluated. */
  ScannedCount: number;
  /** Where the next page starts, when there may be more. */
  LastEvaluatedKey?: Item | undefined;
  /** Capacity used, if asked for. */
  ConsumedCapacity?: ConsumedCapacity | undefined;
}

/**
 * Reads all items of a table or an index, or of one segment of it.
 *
 * Errors: `ValidationException`, `ResourceNotFoundException`.
 */
export interface ScanInput {
  /** Name or ARN of the table. */
  TableName: string | undefined;
  /** The index to read. */
  IndexName?: string | null | undefined;
  /** Legacy list of attributes to answer with. */
  AttributesToGet?: List<string> | null | undefined;
  /** At most this many items are evaluated. */
  Limit?: number | bigint | null | undefined;
  /** What to answer with. */
  Select?: Select | null | undefined;
  /** Legacy filter, by attribute. */
  ScanFilter?: { readonly [name: string]: Condition } | null | undefined;
  /** How the legacy filters combine. */
  ConditionalOperator?: ConditionalOperator | null | undefined;
  /** Where the page starts: the last page's `LastEvaluatedKey`. */
  ExclusiveStartKey?: ItemInput | null | undefined;
  /** How much to tell of the capacity used. */
  ReturnConsumedCapacity?: ReturnConsumedCapacity | null | undefined;
  /** Number of segments the table is cut into. */
  TotalSegments?: number | bigint | null | undefined;
  /** The segment to read, from 0. */
  Segment?: number | bigint | null | undefined;
  /** Which parts to answer with. */
  ProjectionExpression?: string | null | undefined;
  /** Which of the evaluated items to answer with. */
  FilterExpression?: string | null | undefined;
  /** `#name` placeholders. */
  ExpressionAttributeNames?: { readonly [name: string]: string } | null | undefined;
  /** `:value` placeholders. */
  ExpressionAttributeValues?: ItemInput | null | undefined;
  /** Counts for capacity; reads always see every finished write here. */
  ConsistentRead?: boolean | null | undefined;
}

/** Answer of Scan. */
export interface ScanOutput {
  /** The items; absent when only numbers were asked for. */
  Items?: Item[] | undefined;
  /** Number of items answered with. */
  Count: number;
  /** Number of items evaluated. */
  ScannedCount: number;
  /** Where the next page starts, when there may be more. */
  LastEvaluatedKey?: Item | undefined;
  /** Capacity used, if asked for. */
  ConsumedCapacity?: ConsumedCapacity | undefined;
}

/**
 * Runs a statement of PartiQL: reads items, or writes one.
 *
 * Errors: `ValidationException`, `ResourceNotFoundException`, `ConditionalCheckFailedException`, `DuplicateItemException`,
 * `ItemCollectionSizeLimitExceededException`.
 */
export interface ExecuteStatementInput {
  /** The statement: INSERT, SELECT, UPDATE or DELETE. */
  Statement: string | undefined;
  /** The values of its `?`, in their order. */
  Parameters?: List<AttributeValueInput> | null | undefined;
  /** Counts for capacity; reads always see every finished write here. */
  ConsistentRead?: boolean | null | undefined;
  /** Where the page starts: the last page's `NextToken`. */
  NextToken?: string | null | undefined;
  /** How much to tell of the capacity used. */
  ReturnConsumedCapacity?: ReturnConsumedCapacity | null | undefined;
  /** At most this many items are evaluated. */
  Limit?: number | bigint | null | undefined;
  /** Whether a failed condition answers with the item. */
  ReturnValuesOnConditionCheckFailure?: ReturnValuesOnConditionCheckFailure | null | undefined;
}

/** Answer of ExecuteStatement. */
export interface ExecuteStatementOutput {
  /** The items read, or the one that RETURNING asks for; empty for other writes. */
  Items: Item[];
  /** Where the next page starts, when there may be more. */
  NextToken?: string | undefined;
  /** Capacity used, if asked for. */
  ConsumedCapacity?: ConsumedCapacity | undefined;
  /** The key of the last item evaluated, beside `NextToken`. */
  LastEvaluatedKey?: Item | undefined;
}

/** A statement of a batch. */
export interface BatchStatementRequest {
  /** The statement; a SELECT names one item by its whole key. */
  Statement: string | undefined;
  /** The values of its `?`, in their order. */
  Parameters?: List<AttributeValueInput> | null | undefined;
  /** Counts for capacity; reads always see every finished write here. */
  ConsistentRead?: boolean | null | undefined;
  /** Accepted; batches tell no item, as on the service. */
  ReturnValuesOnConditionCheckFailure?: ReturnValuesOnConditionCheckFailure | null | undefined;
}

/**
 * Runs up to 25 statements, each for itself: all reads, or all writes.
 *
 * Errors: `ValidationException`. What is wrong with one statement is told in its answer.
 */
export interface BatchExecuteStatementInput {
  /** The statements. */
  Statements: List<BatchStatementRequest> | undefined;
  /** How much to tell of the capacity used. */
  ReturnConsumedCapacity?: ReturnConsumedCapacity | null | undefined;
}

/** Why a statement of a batch was not run. */
export interface BatchStatementError {
  /** What was wrong, such as `ConditionalCheckFailed`. */
  Code?: string | undefined;
  /** The service's text. */
  Message?: string | undefined;
  /** Always absent, as on the service. */
  Item?: Item | undefined;
}

/** Answer to a statement of a batch. */
export interface BatchStatementResponse {
  /** Why it was not run. */
  Error?: BatchStatementError | undefined;
  /** The table; absent where the statement was refused before it ran. */
  TableName?: string | undefined;
  /** The item read, or the one that RETURNING asks for. */
  Item?: Item | undefined;
}

/** Answer of BatchExecuteStatement. */
export interface BatchExecuteStatementOutput {
  /** One for each statement, in their order. */
  Responses: BatchStatementResponse[];
  /** Capacity used, by table, if asked for; absent where no statement ran. */
  ConsumedCapacity?: ConsumedCapacity[] | undefined;
}

/** A statement of a transaction. */
export interface ParameterizedStatement {
  /** The statement; a SELECT names one item by its whole key. `EXISTS(SELECT …)` is a condition on an item. */
  Statement: string | undefined;
  /** The values of its `?`, in their order. */
  Parameters?: List<AttributeValueInput> | null | undefined;
  /** Whether the reason of a failed condition has the item. */
  ReturnValuesOnConditionCheckFailure?: ReturnValuesOnConditionCheckFailure | null | undefined;
}

/**
 * Runs up to 100 statements on different items together: all reads, which see one moment, or all writes, all or nothing.
 *
 * Errors: `ValidationException`, `TransactionCanceledException`, `IdempotentParameterMismatchException`.
 */
export interface ExecuteTransactionInput {
  /** The statements. */
  TransactStatements: List<ParameterizedStatement> | undefined;
  /** A call with the same token within ten minutes does nothing more. */
  ClientRequestToken?: string | null | undefined;
  /** How much to tell of the capacity used. */
  ReturnConsumedCapacity?: ReturnConsumedCapacity | null | undefined;
}

/** Answer of ExecuteTransaction. */
export interface ExecuteTransactionOutput {
  /** What was found, in the order of the statements; empty for writes. */
  Responses?: ItemResponse[] | undefined;
  /** Capacity used, by table, if asked for. */
  ConsumedCapacity?: ConsumedCapacity[] | undefined;
}

/** Lists streams, live and closed, by table name and label. */
export interface ListStreamsInput {
  /** Streams of this table only, of all its incarnations. */
  TableName?: string | null | undefined;
  /** At most this many, 1 to 100. */
  Limit?: number | bigint | null | undefined;
  /** Streams after this one. */
  ExclusiveStartStreamArn?: string | null | undefined;
}

/** A stream in a list. */
export interface Stream {
  /** Its ARN. */
  StreamArn: string;
  /** Its table. */
  TableName: string;
  /** Its label. */
  StreamLabel: string;
}

/** Answer of ListStreams. */
export interface ListStreamsOutput {
  /** The streams. */
  Streams: Stream[];
  /** Where the next page starts, when this one is full. */
  LastEvaluatedStreamArn?: string | undefined;
}

/** Which shards to describe. */
export type ShardFilterType = 'CHILD_SHARDS';

/** Chooses shards. */
export interface ShardFilter {
  /** How. */
  Type: ShardFilterType | undefined;
  /** The shard in question. */
  ShardId: string | undefined;
}

/**
 * Describes a stream and its shards.
 *
 * Errors: `ValidationException`, `ResourceNotFoundException`.
 */
export interface DescribeStreamInput {
  /** The stream. */
  StreamArn: string | undefined;
  /** At most this many shards, 1 to 100. */
  Limit?: number | bigint | null | undefined;
  /** Shards after this one. */
  ExclusiveStartShardId?: string | null | undefined;
  /** Which shards. */
  ShardFilter?: ShardFilter | null | undefined;
}

/** Where a stream is in its life. */
export type StreamStatus = 'ENABLING' | 'ENABLED' | 'DISABLING' | 'DISABLED';

/** The sequence numbers of a shard. */
export interface SequenceNumberRange {
  /** Where the shard starts. */
  StartingSequenceNumber: string;
  /** Where it ends; absent while it is open. */
  EndingSequenceNumber?: string | undefined;
}

/** A shard. */
export interface Shard {
  /** Its identity. */
  ShardId: string;
  /** Its sequence numbers. */
  SequenceNumberRange: SequenceNumberRange;
  /** The shard it continues. */
  ParentShardId?: string | undefined;
}

/** A stream as it stands. */
export interface StreamDescription {
  /** Its ARN. */
  StreamArn: string;
  /** Its label: the moment it was turned on. */
  StreamLabel: string;
  /** Where it is in its life. */
  StreamStatus: StreamStatus;
  /** What its records hold. */
  StreamViewType: StreamViewType;
  /** When it was turned on. */
  CreationRequestDateTime: Date;
  /** Its table. */
  TableName: string;
  /** Its table's key. */
  KeySchema: KeySchemaElement[];
  /** A page of its shards. */
  Shards: Shard[];
  /** Where the next page starts, when there is more. */
  LastEvaluatedShardId?: string | undefined;
}

/** Answer of DescribeStream. */
export interface DescribeStreamOutput {
  /** The stream. */
  StreamDescription: StreamDescription;
}

/** Where an iterator starts in its shard. */
export type ShardIteratorType = 'AFTER_SEQUENCE_NUMBER' | 'LATEST' | 'AT_SEQUENCE_NUMBER' | 'TRIM_HORIZON' | 'AT_TIMESTAMP';

/**
 * Issues an iterator, good for 15 minutes.
 *
 * Errors: `ValidationException`, `ResourceNotFoundException`, `TrimmedDataAccessException`.
 */
export interface GetShardIteratorInput {
  /** The stream. */
  StreamArn: string | undefined;
  /** The shard. */
  ShardId: string | undefined;
  /** Where to start. */
  ShardIteratorType: ShardIteratorType | undefined;
  /** The record to start at or after. */
  SequenceNumber?: string | null | undefined;
  /** The moment to start at, not in the future. */
  Timestamp?: Date | number | null | undefined;
}

/** Answer of GetShardIterator. */
export interface GetShardIteratorOutput {
  /** The iterator, opaque. */
  ShardIterator: string;
}

/**
 * Reads records from an iterator on.
 *
 * Errors: `ValidationException`, `ResourceNotFoundException`, `ExpiredIteratorException`, `TrimmedDataAccessException`.
 */
export interface GetRecordsInput {
  /** The iterator. */
  ShardIterator: string | undefined;
  /** At most this many records, 1 to 1,000. */
  Limit?: number | bigint | null | undefined;
}

/** What happened to the item. */
export type OperationType = 'INSERT' | 'MODIFY' | 'REMOVE';

/** The change itself. */
export interface StreamRecord {
  /** When, in whole seconds. */
  ApproximateCreationDateTime: Date;
  /** The item's key. */
  Keys: Item;
  /** The item after the change. */
  NewImage?: Item | undefined;
  /** The item before the change. */
  OldImage?: Item | undefined;
  /** Place in the shard. */
  SequenceNumber: string;
  /** Size of keys and images. */
  SizeBytes: number;
  /** What the record holds. */
  StreamViewType: StreamViewType;
}

/** Who made a change that no user made. */
export interface Identity {
  /** The service. */
  PrincipalId?: string | undefined;
  /** `Service`. */
  Type?: string | undefined;
}

/** One change of one item. */
export interface Record {
  /** Identity of the record. */
  eventID: string;
  /** What happened. */
  eventName: OperationType;
  /** `1.1`. */
  eventVersion: string;
  /** `aws:dynamodb`. */
  eventSource: string;
  /** Region of the database. */
  awsRegion: string;
  /** The change. */
  dynamodb: StreamRecord;
  /** The service, for expiries. */
  userIdentity?: Identity | undefined;
}

/** Answer of GetRecords. */
export interface GetRecordsOutput {
  /** The records, oldest first. */
  Records: Record[];
  /** Where to go on; absent at the end of a closed shard. */
  NextShardIterator?: string | undefined;
}

/** Who looks after the number of shards. */
export type KinesisStreamMode = 'PROVISIONED' | 'ON_DEMAND';

/** Who looks after the number of shards. */
export interface KinesisStreamModeDetailsInput {
  /** The mode. */
  StreamMode: KinesisStreamMode | undefined;
}

/** Makes a data stream. Errors: `ResourceInUseException` for a name that is taken, `LimitExceededException`, `InvalidArgumentException`. */
export interface KinesisCreateStreamInput {
  /** Number of shards, of a provisioned stream. */
  ShardCount?: number | bigint | null | undefined;
  /** Its name. */
  StreamName: string | undefined;
  /** The mode; provisioned when absent. */
  StreamModeDetails?: KinesisStreamModeDetailsInput | null | undefined;
  /** Its tags. */
  Tags?: { readonly [name: string]: string } | null | undefined;
}

/** Answer of CreateStream. */
export type KinesisCreateStreamOutput = { [name: string]: never };

/**
 * Removes a data stream and its records.
 *
 * Errors: `ResourceNotFoundException`, `InvalidArgumentException`.
 */
export interface KinesisDeleteStreamInput {
  /** The stream, by name. */
  StreamName?: string | null | undefined;
  /** Whether registered consumers go with it. There are none. */
  EnforceConsumerDeletion?: boolean | null | undefined;
  /** The stream, by ARN. */
  StreamARN?: string | null | undefined;
}

/** Answer of DeleteStream. */
export type KinesisDeleteStreamOutput = { [name: string]: never };

/**
 * Describes a data stream and its shards.
 *
 * Errors: `ResourceNotFoundException`, `InvalidArgumentException`.
 */
export interface KinesisDescribeStreamInput {
  /** At most this many shards, 1 to 10,000; 100 when absent. */
  Limit?: number | bigint | null | undefined;
  /** Shards after this one. */
  ExclusiveStartShardId?: string | null | undefined;
  /** The stream, by name. */
  StreamName?: string | null | undefined;
  /** The stream, by ARN. */
  StreamARN?: string | null | undefined;
}

/** Where a data stream is in its life. */
export type KinesisStreamStatus = 'CREATING' | 'DELETING' | 'ACTIVE' | 'UPDATING';

/** Who looks after the number of shards. */
export interface KinesisStreamModeDetails {
  /** The mode. */
  StreamMode: KinesisStreamMode;
}

/** The hash keys of a shard, both ends included. */
export interface KinesisHashKeyRange {
  /** The least. */
  StartingHashKey?: string | undefined;
  /** The greatest. */
  EndingHashKey?: string | undefined;
}

/** A shard of a data stream. */
export interface KinesisShard {
  /** Its id. */
  ShardId: string;
  /** The shard it was split or merged from. */
  ParentShardId?: string | undefined;
  /** The other one that it was merged from. */
  AdjacentParentShardId?: string | undefined;
  /** Its hash keys. */
  HashKeyRange: KinesisHashKeyRange;
  /** Its sequence numbers; without an end while it is open. */
  SequenceNumberRange: SequenceNumberRange;
}

/** Metrics of single shards that are told. */
export interface KinesisEnhancedMetrics {
  /** Their names; none. */
  ShardLevelMetrics?: string[] | undefined;
}

/** How records are encrypted. */
export type KinesisEncryptionType = 'NONE' | 'KMS';

/** A data stream as it stands. */
export interface KinesisStreamDescription {
  /** Its name. */
  StreamName?: string | undefined;
  /** Its ARN. */
  StreamARN?: string | undefined;
  /** Where it is in its life. */
  StreamStatus?: KinesisStreamStatus | undefined;
  /** Its mode. */
  StreamModeDetails?: KinesisStreamModeDetails | undefined;
  /** A page of its shards. */
  Shards?: KinesisShard[] | undefined;
  /** Whether there are more. */
  HasMoreShards?: boolean | undefined;
  /** How long a record can be read, in hours. */
  RetentionPeriodHours?: number | undefined;
  /** When it was made. */
  StreamCreationTimestamp?: Date | undefined;
  /** Metrics of its shards: one entry with none. */
  EnhancedMonitoring?: KinesisEnhancedMetrics[] | undefined;
  /** Always `NONE`. */
  EncryptionType?: KinesisEncryptionType | undefined;
}

/** Answer of DescribeStream. */
export interface KinesisDescribeStreamOutput {
  /** The stream. */
  StreamDescription: KinesisStreamDescription;
}

/**
 * Describes a data stream without its shards.
 *
 * Errors: `ResourceNotFoundException`, `InvalidArgumentException`.
 */
export interface KinesisDescribeStreamSummaryInput {
  /** The stream, by name. */
  StreamName?: string | null | undefined;
  /** The stream, by ARN. */
  StreamARN?: string | null | undefined;
}

/** A data stream without its shards. */
export interface KinesisStreamDescriptionSummary {
  /** Its name. */
  StreamName?: string | undefined;
  /** Its ARN. */
  StreamARN?: string | undefined;
  /** Where it is in its life. */
  StreamStatus?: KinesisStreamStatus | undefined;
  /** Its mode. */
  StreamModeDetails?: KinesisStreamModeDetails | undefined;
  /** How long a record can be read, in hours. */
  RetentionPeriodHours?: number | undefined;
  /** When it was made. */
  StreamCreationTimestamp?: Date | undefined;
  /** Metrics of its shards: one entry with none. */
  EnhancedMonitoring?: KinesisEnhancedMetrics[] | undefined;
  /** Always `NONE`. */
  EncryptionType?: KinesisEncryptionType | undefined;
  /** Number of its open shards. */
  OpenShardCount?: number | undefined;
  /** Number of its registered consumers: 0. */
  ConsumerCount?: number | undefined;
}

/** Answer of DescribeStreamSummary. */
export interface KinesisDescribeStreamSummaryOutput {
  /** The stream. */
  StreamDescriptionSummary: KinesisStreamDescriptionSummary;
}

/**
 * Lists data streams by name.
 *
 * Errors: `InvalidArgumentException`, `ExpiredNextTokenException`.
 */
export interface KinesisListStreamsInput {
  /** At most this many, 1 to 10,000; 100 when absent. */
  Limit?: number | bigint | null | undefined;
  /** Streams after this name. */
  ExclusiveStartStreamName?: string | null | undefined;
  /** Where the page before ended, good for 5 minutes. */
  NextToken?: string | null | undefined;
}

/** A data stream in a list. */
export interface KinesisStreamSummary {
  /** Its name. */
  StreamName?: string | undefined;
  /** Its ARN. */
  StreamARN?: string | undefined;
  /** Where it is in its life. */
  StreamStatus?: KinesisStreamStatus | undefined;
  /** Its mode. */
  StreamModeDetails?: KinesisStreamModeDetails | undefined;
  /** When it was made. */
  StreamCreationTimestamp?: Date | undefined;
}

/** Answer of ListStreams. */
export interface KinesisListStreamsOutput {
  /** Their names. */
  StreamNames: string[];
  /** Whether there are more. */
  HasMoreStreams: boolean;
  /** Where the next page starts, when there is more. */
  NextToken?: string | undefined;
  /** The streams. */
  StreamSummaries?: KinesisStreamSummary[] | undefined;
}

/** Which shards to list. */
export type KinesisShardFilterType = 'AFTER_SHARD_ID' | 'AT_TRIM_HORIZON' | 'FROM_TRIM_HORIZON' | 'AT_LATEST' | 'AT_TIMESTAMP' | 'FROM_TIMESTAMP';

/** Chooses shards. */
export interface KinesisShardFilter {
  /** How. */
  Type: KinesisShardFilterType | undefined;
  /** The shard after which to begin. */
  ShardId?: string | null | undefined;
  /** The moment in question. */
  Timestamp?: Date | number | null | undefined;
}

/**
 * Lists the shards of a data stream.
 *
 * Errors: `ResourceNotFoundException`, `ResourceInUseException`, `InvalidArgumentException`, `ExpiredNextTokenException`.
 */
export interface KinesisListShardsInput {
  /** Where the page before ended, good for 5 minutes; nothing else is given beside it but `MaxResults`. */
  NextToken?: string | null | undefined;
  /** At most this many, 1 to 10,000; 1,000 when absent. */
  MaxResults?: number | bigint | null | undefined;
  /** Shards after this one. */
  ExclusiveStartShardId?: string | null | undefined;
  /** The stream, by name. */
  StreamName?: string | null | undefined;
  /** When the stream was made, to tell it from another of its name. */
  StreamCreationTimestamp?: Date | number | null | undefined;
  /** Which shards; all when absent. */
  ShardFilter?: KinesisShardFilter | null | undefined;
  /** The stream, by ARN. */
  StreamARN?: string | null | undefined;
}

/** Answer of ListShards. */
export interface KinesisListShardsOutput {
  /** The shards. */
  Shards: KinesisShard[];
  /** Where the next page starts, when there is more. */
  NextToken?: string | undefined;
}

/**
 * Splits an open shard at a hash key: it closes, and two shards open.
 *
 * Errors: `ResourceNotFoundException`, `ResourceInUseException`, `InvalidArgumentException`, `LimitExceededException`.
 */
export interface KinesisSplitShardInput {
  /** The least hash key of the upper child. */
  NewStartingHashKey: string | undefined;
  /** The stream, by name. */
  StreamName?: string | null | undefined;
  /** The shard. */
  ShardToSplit: string | undefined;
  /** The stream, by ARN. */
  StreamARN?: string | null | undefined;
}

/** Answer of SplitShard. */
export type KinesisSplitShardOutput = { [name: string]: never };

/**
 * Merges two open shards whose hash keys meet: they close, and one shard opens.
 *
 * Errors: `ResourceNotFoundException`, `ResourceInUseException`, `InvalidArgumentException`.
 */
export interface KinesisMergeShardsInput {
  /** The shard with the lower hash keys. */
  ShardToMerge: string | undefined;
  /** The shard with the higher ones. */
  AdjacentShardToMerge: string | undefined;
  /** The stream, by name. */
  StreamName?: string | null | undefined;
  /** The stream, by ARN. */
  StreamARN?: string | null | undefined;
}

/** Answer of MergeShards. */
export type KinesisMergeShardsOutput = { [name: string]: never };

/** How a number of shards is reached. */
export type KinesisScalingType = 'UNIFORM_SCALING';

/**
 * Brings a stream to a number of shards of one width: open ones close, and so many open.
 *
 * Errors: `ResourceNotFoundException`, `ResourceInUseException`, `InvalidArgumentException`, `LimitExceededException`.
 */
export interface KinesisUpdateShardCountInput {
  /** How it is reached. */
  ScalingType: KinesisScalingType | undefined;
  /** The stream, by name. */
  StreamName?: string | null | undefined;
  /** The number, from half of what is open to the double. */
  TargetShardCount: number | bigint | undefined;
  /** The stream, by ARN. */
  StreamARN?: string | null | undefined;
}

/** Answer of UpdateShardCount. */
export interface KinesisUpdateShardCountOutput {
  /** The stream's name. */
  StreamName?: string | undefined;
  /** Shards that were open. */
  CurrentShardCount?: number | undefined;
  /** Shards that will be. */
  TargetShardCount?: number | undefined;
  /** The stream's ARN. */
  StreamARN?: string | undefined;
}

/**
 * Keeps the records of a stream longer, those that are there included.
 *
 * Errors: `ResourceNotFoundException`, `ResourceInUseException`, `InvalidArgumentException`.
 */
export interface KinesisIncreaseStreamRetentionPeriodInput {
  /** How long, in hours: 24 to 8,760, and no less than now. */
  RetentionPeriodHours: number | bigint | undefined;
  /** The stream, by name. */
  StreamName?: string | null | undefined;
  /** The stream, by ARN. */
  StreamARN?: string | null | undefined;
}

/** Answer of IncreaseStreamRetentionPeriod. */
export type KinesisIncreaseStreamRetentionPeriodOutput = { [name: string]: never };

/**
 * Keeps the records of a stream less long, at once.
 *
 * Errors: `ResourceNotFoundException`, `ResourceInUseException`, `InvalidArgumentException`.
 */
export interface KinesisDecreaseStreamRetentionPeriodInput {
  /** How long, in hours: 24 to 8,760, and no more than now. */
  RetentionPeriodHours: number | bigint | undefined;
  /** The stream, by name. */
  StreamName?: string | null | undefined;
  /** The stream, by ARN. */
  StreamARN?: string | null | undefined;
}

/** Answer of DecreaseStreamRetentionPeriod. */
export type KinesisDecreaseStreamRetentionPeriodOutput = { [name: string]: never };

/**
 * Changes who looks after the number of shards.
 *
 * Errors: `ResourceNotFoundException`, `ResourceInUseException`, `InvalidArgumentException`.
 */
export interface KinesisUpdateStreamModeInput {
  /** The stream. */
  StreamARN: string | undefined;
  /** The mode. */
  StreamModeDetails: KinesisStreamModeDetailsInput | undefined;
}

/** Answer of UpdateStreamMode. */
export type KinesisUpdateStreamModeOutput = { [name: string]: never };

/**
 * Puts a record into a data stream.
 *
 * Errors: `ResourceNotFoundException`, `InvalidArgumentException`, `ProvisionedThroughputExceededException`.
 */
export interface KinesisPutRecordInput {
  /** A number that the record's is to be greater than, as an earlier PutRecord answered it. */
  SequenceNumberForOrdering?: string | null | undefined;
  /** Its MD5 hash is the record's hash key, which chooses the shard. */
  PartitionKey: string | undefined;
  /** A hash key that is taken instead. */
  ExplicitHashKey?: string | null | undefined;
  /** What the record says, at most 1 MiB. */
  Data: Bytes | undefined;
  /** The stream, by name. */
  StreamName?: string | null | undefined;
  /** The stream, by ARN. */
  StreamARN?: string | null | undefined;
}

/** Answer of PutRecord. */
export interface KinesisPutRecordOutput {
  /** The shard. */
  ShardId: string;
  /** Its place in the shard. */
  SequenceNumber: string;
  /** Always `NONE`. */
  EncryptionType?: KinesisEncryptionType | undefined;
}

/** A record to put. */
export interface KinesisPutRecordsRequestEntry {
  /** As in PutRecord. */
  Data: Bytes | undefined;
  /** As in PutRecord. */
  ExplicitHashKey?: string | null | undefined;
  /** As in PutRecord. */
  PartitionKey: string | undefined;
}

/**
 * Puts up to 500 records into a data stream.
 *
 * Errors: `ResourceNotFoundException`, `InvalidArgumentException`, `ProvisionedThroughputExceededException`.
 */
export interface KinesisPutRecordsInput {
  /** The records, 10 MiB together with their partition keys. */
  Records: List<KinesisPutRecordsRequestEntry> | undefined;
  /** The stream, by name. */
  StreamName?: string | null | undefined;
  /** The stream, by ARN. */
  StreamARN?: string | null | undefined;
}

/** What became of one record. */
export interface KinesisPutRecordsResultEntry {
  /** Its place in the shard. */
  SequenceNumber?: string | undefined;
  /** The shard. */
  ShardId?: string | undefined;
  /** Why it was not put. */
  ErrorCode?: string | undefined;
  /** The same, as text. */
  ErrorMessage?: string | undefined;
}

/** Answer of PutRecords. */
export interface KinesisPutRecordsOutput {
  /** How many were not put. */
  FailedRecordCount: number;
  /** What became of each, in their order. */
  Records: KinesisPutRecordsResultEntry[];
  /** Always `NONE`. */
  EncryptionType?: KinesisEncryptionType | undefined;
}

/**
 * Issues an iterator, good for 5 minutes.
 *
 * Errors: `ResourceNotFoundException`, `InvalidArgumentException`.
 */
export interface KinesisGetShardIteratorInput {
  /** The shard. */
  ShardId: string | undefined;
  /** Where to start. */
  ShardIteratorType: ShardIteratorType | undefined;
  /** The record to start at or after. */
  StartingSequenceNumber?: string | null | undefined;
  /** The stream, by name. */
  StreamName?: string | null | undefined;
  /** The moment to start at. */
  Timestamp?: Date | number | null | undefined;
  /** The stream, by ARN. */
  StreamARN?: string | null | undefined;
}

/** Answer of GetShardIterator. */
export interface KinesisGetShardIteratorOutput {
  /** The iterator, opaque. */
  ShardIterator: string;
}

/**
 * Reads records from an iterator on: at most 10,000 and 10 MiB.
 *
 * Errors: `ResourceNotFoundException`, `InvalidArgumentException`, `ExpiredIteratorException`, `ProvisionedThroughputExceededException`.
 */
export interface KinesisGetRecordsInput {
  /** At most this many records, 1 to 10,000. */
  Limit?: number | bigint | null | undefined;
  /** The iterator. */
  ShardIterator: string | undefined;
  /** The stream; the iterator knows it. */
  StreamARN?: string | null | undefined;
}

/** A record of a data stream. */
export interface KinesisRecord {
  /** Its place in the shard. */
  SequenceNumber: string;
  /** When it was put. */
  ApproximateArrivalTimestamp: Date;
  /** What it says. */
  Data: Uint8Array;
  /** Its partition key. */
  PartitionKey: string;
  /** Always `NONE`. */
  EncryptionType?: KinesisEncryptionType | undefined;
}

/** A shard that goes on where a closed one has ended. */
export interface KinesisChildShard {
  /** Its id. */
  ShardId?: string | undefined;
  /** The shards it was split or merged from. */
  ParentShards?: string[] | undefined;
  /** Its hash keys. */
  HashKeyRange?: KinesisHashKeyRange | undefined;
}

/** Answer of GetRecords. */
export interface KinesisGetRecordsOutput {
  /** The records, oldest first. */
  Records: KinesisRecord[];
  /** Where to go on; absent at the end of a closed shard. */
  NextShardIterator?: string | undefined;
  /** How far the last of them is behind now, in milliseconds; 0 where nothing is left to read. */
  MillisBehindLatest: number;
  /** The shards that go on, at the end of a closed shard. */
  ChildShards?: KinesisChildShard[] | undefined;
}

/**
 * Tags a data stream; tags of these names are replaced.
 *
 * Errors: `ResourceNotFoundException`, `InvalidArgumentException`.
 */
export interface KinesisAddTagsToStreamInput {
  /** The tags. */
  Tags: { readonly [name: string]: string } | undefined;
  /** The stream, by name. */
  StreamName?: string | null | undefined;
  /** The stream, by ARN. */
  StreamARN?: string | null | undefined;
}

/** Answer of AddTagsToStream. */
export type KinesisAddTagsToStreamOutput = { [name: string]: never };

/**
 * Takes tags away.
 *
 * Errors: `ResourceNotFoundException`, `InvalidArgumentException`.
 */
export interface KinesisRemoveTagsFromStreamInput {
  /** Their names. */
  TagKeys: List<string> | undefined;
  /** The stream, by name. */
  StreamName?: string | null | undefined;
  /** The stream, by ARN. */
  StreamARN?: string | null | undefined;
}

/** Answer of RemoveTagsFromStream. */
export type KinesisRemoveTagsFromStreamOutput = { [name: string]: never };

/**
 * Lists the tags of a data stream by name.
 *
 * Errors: `ResourceNotFoundException`, `InvalidArgumentException`.
 */
export interface KinesisListTagsForStreamInput {
  /** At most this many, 1 to 50. */
  Limit?: number | bigint | null | undefined;
  /** Tags after this name. */
  ExclusiveStartTagKey?: string | null | undefined;
  /** The stream, by name. */
  StreamName?: string | null | undefined;
  /** The stream, by ARN. */
  StreamARN?: string | null | undefined;
}

/** Answer of ListTagsForStream. */
export interface KinesisListTagsForStreamOutput {
  /** The tags. */
  Tags?: Tag[] | undefined;
  /** Whether there are more. */
  HasMoreTags?: boolean | undefined;
}

/**
 * Tags a data stream by its ARN.
 *
 * Errors: `ResourceNotFoundException`, `InvalidArgumentException`.
 */
export interface KinesisTagResourceInput {
  /** The tags. */
  Tags: { readonly [name: string]: string } | undefined;
  /** The stream. */
  ResourceARN: string | undefined;
}

/** Answer of TagResource. */
export type KinesisTagResourceOutput = { [name: string]: never };

/**
 * Takes tags away from a data stream by its ARN.
 *
 * Errors: `ResourceNotFoundException`, `InvalidArgumentException`.
 */
export interface KinesisUntagResourceInput {
  /** Their names. */
  TagKeys: List<string> | undefined;
  /** The stream. */
  ResourceARN: string | undefined;
}

/** Answer of UntagResource. */
export type KinesisUntagResourceOutput = { [name: string]: never };

/**
 * Lists the tags of a data stream by its ARN.
 *
 * Errors: `ResourceNotFoundException`, `InvalidArgumentException`.
 */
export interface KinesisListTagsForResourceInput {
  /** The stream. */
  ResourceARN: string | undefined;
}

/** Answer of ListTagsForResource. */
export interface KinesisListTagsForResourceOutput {
  /** The tags. */
  Tags?: Tag[] | undefined;
}

/** Tells the limits of the account and what is used of them. */
export type KinesisDescribeLimitsInput = { [name: string]: never };

/** Answer of DescribeLimits. */
export interface KinesisDescribeLimitsOutput {
  /** Shards that there may be. */
  ShardLimit?: number | undefined;
  /** Open shards that there are, of provisioned streams. */
  OpenShardCount?: number | undefined;
  /** On-demand streams that there are. */
  OnDemandStreamCount?: number | undefined;
  /** On-demand streams that there may be. */
  OnDemandStreamCountLimit?: number | undefined;
}

/** A pattern that records are held against. */
export interface LambdaFilterInput {
  /** The pattern, JSON. */
  Pattern?: string | null | undefined;
}

/** Which records are handed over: those that any of the patterns matches. */
export interface LambdaFilterCriteriaInput {
  /** The patterns. */
  Filters?: List<LambdaFilterInput> | null | undefined;
}

/** Where a mapping begins to read. */
export type LambdaStartingPosition = 'LATEST' | 'AT_TIMESTAMP' | 'TRIM_HORIZON';

/** Where what was processed is told of. Mappings have no such place. */
export interface LambdaOnSuccessInput {
  /** Its ARN. */
  Destination?: string | null | undefined;
}

/** Where what was given up is told of. */
export interface LambdaOnFailureInput {
  /** The ARN of a queue, a topic or a bucket; empty for none. */
  Destination?: string | null | undefined;
}

/** Where batches are told of after they have been settled. */
export interface LambdaDestinationConfigInput {
  /** Not of mappings. */
  OnSuccess?: LambdaOnSuccessInput | null | undefined;
  /** Of those that were given up. */
  OnFailure?: LambdaOnFailureInput | null | undefined;
}

/** How many calls may run at once, of queues. */
export interface LambdaScalingConfig {
  /** Their number. */
  MaximumConcurrency?: number | bigint | null | undefined;
}

/** What is counted of a mapping. */
export type LambdaMappingMetric = 'EventCount' | 'ErrorCount' | 'KafkaMetrics';

/** What is counted. */
export interface LambdaMetricsConfigInput {
  /** The figures. */
  Metrics?: List<LambdaMappingMetric> | null | undefined;
}

/**
 * Hands the records of a stream to a function, in batches.
 *
 * Errors: `InvalidParameterValueException`, `ResourceConflictException` for a mapping of the same stream and function.
 */
export interface CreateEventSourceMappingInput {
  /** The stream, of a table or of Kinesis. */
  EventSourceArn?: string | null | undefined;
  /** The function, by name or ARN, with its version or alias or without. */
  FunctionName: string | undefined;
  /** Whether it works at once; true when absent. */
  Enabled?: boolean | null | undefined;
  /** Records of a batch at most; 100 when absent. */
  BatchSize?: number | bigint | null | undefined;
  /** Which records are handed over; all when absent. */
  FilterCriteria?: LambdaFilterCriteriaInput | null | undefined;
  /** How long a batch is gathered, in seconds. */
  MaximumBatchingWindowInSeconds?: number | bigint | null | undefined;
  /** Batches of a shard at once. */
  ParallelizationFactor?: number | bigint | null | undefined;
  /** Where reading begins. */
  StartingPosition?: LambdaStartingPosition | null | undefined;
  /** The moment of `AT_TIMESTAMP`. */
  StartingPositionTimestamp?: Date | number | null | undefined;
  /** Where batches that were given up are told of. */
  DestinationConfig?: LambdaDestinationConfigInput | null | undefined;
  /** How old a record may get, in seconds; -1 for as old as the stream keeps it. */
  MaximumRecordAgeInSeconds?: number | bigint | null | undefined;
  /** Whether a batch that failed is cut in halves. */
  BisectBatchOnFunctionError?: boolean | null | undefined;
  /** How often a batch is tried again; -1 for as long as its records live. */
  MaximumRetryAttempts?: number | bigint | null | undefined;
  /** Its tags. */
  Tags?: { readonly [name: string]: string } | null | undefined;
  /** The length of windows with a state, in seconds; 0 for none. */
  TumblingWindowInSeconds?: number | bigint | null | undefined;
  /** What the function's answer may say: `ReportBatchItemFailures`, or nothing. */
  FunctionResponseTypes?: List<string> | null | undefined;
  /** Of queues. */
  ScalingConfig?: LambdaScalingConfig | null | undefined;
  /** A key for the patterns. They are not encrypted here. */
  KMSKeyArn?: string | null | undefined;
  /** What is counted. */
  MetricsConfig?: LambdaMetricsConfigInput | null | undefined;
}

/** A pattern that records are held against. */
export interface LambdaFilter {
  /** The pattern, JSON. */
  Pattern?: string | undefined;
}

/** Which records are handed over: those that any of the patterns matches. */
export interface LambdaFilterCriteria {
  /** The patterns. */
  Filters?: LambdaFilter[] | undefined;
}

/** Where what was processed is told of. Mappings have no such place. */
export interface LambdaOnSuccess {
  /** Its ARN. */
  Destination?: string | undefined;
}

/** Where what was given up is told of. */
export interface LambdaOnFailure {
  /** The ARN of a queue, a topic or a bucket; empty for none. */
  Destination?: string | undefined;
}

/** Where batches are told of after they have been settled. */
export interface LambdaDestinationConfig {
  /** Not of mappings. */
  OnSuccess?: LambdaOnSuccess | undefined;
  /** Of those that were given up. */
  OnFailure?: LambdaOnFailure | undefined;
}

/** What is counted. */
export interface LambdaMetricsConfig {
  /** The figures. */
  Metrics?: LambdaMappingMetric[] | undefined;
}

/** A mapping, as it is told. */
export interface EventSourceMappingConfiguration {
  /** Its identity. */
  UUID: string;
  /** Where reading began. */
  StartingPosition?: LambdaStartingPosition | undefined;
  /** The moment of `AT_TIMESTAMP`. */
  StartingPositionTimestamp?: Date | undefined;
  /** Records of a batch at most. */
  BatchSize: number;
  /** How long a batch is gathered, in seconds. */
  MaximumBatchingWindowInSeconds?: number | undefined;
  /** Batches of a shard at once. */
  ParallelizationFactor?: number | undefined;
  /** The stream. */
  EventSourceArn: string;
  /** Which records are handed over; absent for all. */
  FilterCriteria?: LambdaFilterCriteria | undefined;
  /** The function, with the version or alias that was given. */
  FunctionArn: string;
  /** When it was changed; to the minute where it is told later. */
  LastModified: Date;
  /** What became of the last batch. */
  LastProcessingResult?: string | undefined;
  /** `Creating`, `Enabling`, `Enabled`, `Disabling`, `Disabled`, `Updating` or `Deleting`. */
  State: string;
  /** Why it is in this state. */
  StateTransitionReason?: string | undefined;
  /** Where batches that were given up are told of. */
  DestinationConfig?: LambdaDestinationConfig | undefined;
  /** How old a record may get, in seconds; -1 for as old as the stream keeps it. */
  MaximumRecordAgeInSeconds?: number | undefined;
  /** Whether a batch that failed is cut in halves. */
  BisectBatchOnFunctionError?: boolean | undefined;
  /** How often a batch is tried again; -1 for as long as its records live. */
  MaximumRetryAttempts?: number | undefined;
  /** The length of windows with a state, in seconds; 0 for none. */
  TumblingWindowInSeconds?: number | undefined;
  /** What the function's answer may say. */
  FunctionResponseTypes?: string[] | undefined;
  /** The key that was given. */
  KMSKeyArn?: string | undefined;
  /** Its ARN. */
  EventSourceMappingArn?: string | undefined;
  /** What is counted. */
  MetricsConfig?: LambdaMetricsConfig | undefined;
}

/**
 * Tells of a mapping.
 *
 * Errors: `ResourceNotFoundException`.
 */
export interface GetEventSourceMappingInput {
  /** The mapping. */
  UUID: string | undefined;
}

/** Lists mappings in the order in which they were made, a hundred at a time at most. */
export interface ListEventSourceMappingsInput {
  /** Those of a stream. */
  EventSourceArn?: string | null | undefined;
  /** Those of a function, exactly as it is qualified. */
  FunctionName?: string | null | undefined;
  /** What the page before told. */
  Marker?: string | null | undefined;
  /** At most this many. */
  MaxItems?: number | bigint | null | undefined;
}

/** Answer of ListEventSourceMappings. */
export interface ListEventSourceMappingsOutput {
  /** For the next page; absent on the last one. */
  NextMarker?: string | undefined;
  /** The mappings. */
  EventSourceMappings: EventSourceMappingConfiguration[];
}

/**
 * Changes a mapping. What is absent stays as it is.
 *
 * Errors: `ResourceNotFoundException`, `ResourceInUseException` while another change is under way, `InvalidParameterValueException`,
 * `ResourceConflictException`.
 */
export interface UpdateEventSourceMappingInput {
  /** The mapping. */
  UUID: string | undefined;
  /** Another function. */
  FunctionName?: string | null | undefined;
  /** Whether it works. */
  Enabled?: boolean | null | undefined;
  /** Records of a batch at most. */
  BatchSize?: number | bigint | null | undefined;
  /** Which records are handed over; all where it has no patterns. */
  FilterCriteria?: LambdaFilterCriteriaInput | null | undefined;
  /** How long a batch is gathered, in seconds. */
  MaximumBatchingWindowInSeconds?: number | bigint | null | undefined;
  /** Where batches that were given up are told of. */
  DestinationConfig?: LambdaDestinationConfigInput | null | undefined;
  /** How old a record may get, in seconds; -1 for as old as the stream keeps it. */
  MaximumRecordAgeInSeconds?: number | bigint | null | undefined;
  /** Whether a batch that failed is cut in halves. */
  BisectBatchOnFunctionError?: boolean | null | undefined;
  /** How often a batch is tried again; -1 for as long as its records live. */
  MaximumRetryAttempts?: number | bigint | null | undefined;
  /** Batches of a shard at once. */
  ParallelizationFactor?: number | bigint | null | undefined;
  /** The length of windows with a state, in seconds; 0 for none. */
  TumblingWindowInSeconds?: number | bigint | null | undefined;
  /** What the function's answer may say. */
  FunctionResponseTypes?: List<string> | null | undefined;
  /** Of queues. */
  ScalingConfig?: LambdaScalingConfig | null | undefined;
  /** A key for the patterns. They are not encrypted here. */
  KMSKeyArn?: string | null | undefined;
  /** What is counted. */
  MetricsConfig?: LambdaMetricsConfigInput | null | undefined;
}

/**
 * Removes a mapping.
 *
 * Errors: `ResourceNotFoundException`, `ResourceInUseException` while another change is under way.
 */
export interface DeleteEventSourceMappingInput {
  /** The mapping. */
  UUID: string | undefined;
}

/** Tells of a function. Errors: `ResourceNotFoundException`, `InvalidParameterValueException`. */
export interface LambdaGetFunctionConfigurationInput {
  /** Its name or ARN, with a version or an alias after it or without. */
  FunctionName: string | undefined;
  /** A version or an alias. */
  Qualifier?: string | null | undefined;
}

/** What a function is set to. */
export interface LambdaFunctionConfiguration {
  /** Its name. */
  FunctionName?: string | undefined;
  /** Its ARN, with the qualifier that was asked for. */
  FunctionArn?: string | undefined;
  /** How long an invocation may take, in seconds. */
  Timeout?: number | undefined;
  /** What its context tells, in mebibytes. */
  MemorySize?: number | undefined;
  /** The version that is invoked. */
  Version?: string | undefined;
  /** `Active`: what is registered can be invoked where its handler is. */
  State?: string | undefined;
  /** `Successful`. */
  LastUpdateStatus?: string | undefined;
}

/**
 * Tags a mapping; tags of these names are replaced.
 *
 * Errors: `ResourceNotFoundException`, `InvalidParameterValueException`.
 */
export interface LambdaTagResourceInput {
  /** The ARN of the mapping. */
  Resource: string | undefined;
  /** The tags. */
  Tags: { readonly [name: string]: string } | undefined;
}

/** Answer of TagResource. */
export type LambdaTagResourceOutput = { [name: string]: never };

/**
 * Takes tags away from a mapping.
 *
 * Errors: `ResourceNotFoundException`.
 */
export interface LambdaUntagResourceInput {
  /** The ARN of the mapping. */
  Resource: string | undefined;
  /** Their names. */
  TagKeys: List<string> | undefined;
}

/** Answer of UntagResource. */
export type LambdaUntagResourceOutput = { [name: string]: never };

/**
 * Lists the tags of a mapping.
 *
 * Errors: `ResourceNotFoundException`.
 */
export interface LambdaListTagsInput {
  /** The ARN of the mapping. */
  Resource: string | undefined;
}

/** Answer of ListTags. */
export interface LambdaListTagsOutput {
  /** The tags. */
  Tags: { [name: string]: string };
}

/**
 * Makes a queue; one that is there with the same attributes is answered.
 *
 * Errors: `QueueNameExists`, `InvalidAttributeName`, `InvalidAttributeValue`, `InvalidParameterValueException`.
 */
export interface SqsCreateQueueInput {
  /** Its name: up to 80 letters, digits, hyphens and underscores. */
  QueueName: string | undefined;
  /** What it is set to: `DelaySeconds`, `MaximumMessageSize`, `MessageRetentionPeriod`, `ReceiveMessageWaitTimeSeconds`, `VisibilityTimeout`. */
  Attributes?: { readonly [name: string]: string } | null | undefined;
}

/** Answer of CreateQueue. */
export interface SqsCreateQueueOutput {
  /** How other operations name it. */
  QueueUrl: string;
}

/** Tells how a queue is named. Errors: `QueueDoesNotExist`. */
export interface SqsGetQueueUrlInput {
  /** Its name. */
  QueueName: string | undefined;
  /** Whose it is: the database's account. */
  QueueOwnerAWSAccountId?: string | null | undefined;
}

/** Answer of GetQueueUrl. */
export interface SqsGetQueueUrlOutput {
  /** How other operations name it. */
  QueueUrl: string;
}

/** Tells what a queue is set to, and how many messages it has. Errors: `QueueDoesNotExist`, `InvalidAttributeName`. */
export interface SqsGetQueueAttributesInput {
  /** The queue. */
  QueueUrl: string | undefined;
  /** What is asked for; `All` for everything. */
  AttributeNames?: List<string> | null | undefined;
}

/** Answer of GetQueueAttributes. */
export interface SqsGetQueueAttributesOutput {
  /** What was asked for; absent where nothing was. */
  Attributes?: { [name: string]: string } | undefined;
}

/** Sets a queue otherwise. Errors: `QueueDoesNotExist`, `InvalidAttributeName`, `InvalidAttributeValue`. */
export interface SqsSetQueueAttributesInput {
  /** The queue. */
  QueueUrl: string | undefined;
  /** As in CreateQueue. */
  Attributes: { readonly [name: string]: string } | undefined;
}

/** Answer of SetQueueAttributes. */
export type SqsSetQueueAttributesOutput = { [name: string]: never };

/**
 * Lists queues, in order of their names.
 *
 * Errors: `InvalidParameterValueException`.
 */
export interface SqsListQueuesInput {
  /** What their names begin with. */
  QueueNamePrefix?: string | null | undefined;
  /** Where to go on. */
  NextToken?: string | null | undefined;
  /** At most this many on a page, 1 to 1,000. */
  MaxResults?: number | bigint | null | undefined;
}

/** Answer of ListQueues. */
export interface SqsListQueuesOutput {
  /** The queues; absent where there are none. */
  QueueUrls?: string[] | undefined;
  /** Where to go on, if pages were asked for and there are more. */
  NextToken?: string | undefined;
}

/** Removes a queue and its messages. Errors: `QueueDoesNotExist`. */
export interface SqsDeleteQueueInput {
  /** The queue. */
  QueueUrl: string | undefined;
}

/** Answer of DeleteQueue. */
export type SqsDeleteQueueOutput = { [name: string]: never };

/** Removes all messages of a queue. Errors: `QueueDoesNotExist`. */
export interface SqsPurgeQueueInput {
  /** The queue. */
  QueueUrl: string | undefined;
}

/** Answer of PurgeQueue. */
export type SqsPurgeQueueOutput = { [name: string]: never };

/** A value beside the body of a message. */
export interface SqsMessageAttributeValueInput {
  /** Text, of the types `String` and `Number`. */
  StringValue?: string | null | undefined;
  /** Bytes, of the type `Binary`. */
  BinaryValue?: Bytes | null | undefined;
  /** The type, with a label behind a dot if you like. */
  DataType: string | undefined;
}

/**
 * Sends a message.
 *
 * Errors: `QueueDoesNotExist`, `InvalidMessageContents`, `InvalidParameterValueException`.
 */
export interface SqsSendMessageInput {
  /** The queue. */
  QueueUrl: string | undefined;
  /** What it says. */
  MessageBody: string | undefined;
  /** When it can be received, in seconds from now, 0 to 900. */
  DelaySeconds?: number | bigint | null | undefined;
  /** What stands beside the body, up to 10 values. */
  MessageAttributes?: { readonly [name: string]: SqsMessageAttributeValueInput } | null | undefined;
}

/** Answer of SendMessage. */
export interface SqsSendMessageOutput {
  /** MD5 of the body, hexadecimal. */
  MD5OfMessageBody: string;
  /** MD5 of the attributes, hexadecimal. */
  MD5OfMessageAttributes?: string | undefined;
  /** Its identity. */
  MessageId: string;
}

/** A message to send. */
export interface SqsSendMessageBatchRequestEntry {
  /** What the answer calls it. */
  Id: string | undefined;
  /** As in SendMessage. */
  MessageBody: string | undefined;
  /** As in SendMessage. */
  DelaySeconds?: number | bigint | null | undefined;
  /** As in SendMessage. */
  MessageAttributes?: { readonly [name: string]: SqsMessageAttributeValueInput } | null | undefined;
}

/**
 * Sends up to 10 messages.
 *
 * Errors: `QueueDoesNotExist`, `EmptyBatchRequest`, `TooManyEntriesInBatchRequest`, `BatchEntryIdsNotDistinct`, `InvalidBatchEntryId`,
 * `BatchRequestTooLong`.
 */
export interface SqsSendMessageBatchInput {
  /** The queue. */
  QueueUrl: string | undefined;
  /** The messages. */
  Entries: List<SqsSendMessageBatchRequestEntry> | undefined;
}

/** A message that was sent. */
export interface SqsSendMessageBatchResultEntry {
  /** What the request called it. */
  Id?: string | undefined;
  /** Its identity. */
  MessageId?: string | undefined;
  /** MD5 of the body, hexadecimal. */
  MD5OfMessageBody?: string | undefined;
  /** MD5 of the attributes, hexadecimal. */
  MD5OfMessageAttributes?: string | undefined;
}

/** What was not done, and why. */
export interface SqsBatchResultErrorEntry {
  /** What the request called it. */
  Id?: string | undefined;
  /** Whether the sender is at fault. */
  SenderFault?: boolean | undefined;
  /** The code. */
  Code?: string | undefined;
  /** The same as text. */
  Message?: string | undefined;
}

/** Answer of SendMessageBatch. */
export interface SqsSendMessageBatchOutput {
  /** What was sent. */
  Successful?: SqsSendMessageBatchResultEntry[] | undefined;
  /** What was not. */
  Failed?: SqsBatchResultErrorEntry[] | undefined;
}

/**
 * Receives messages, which others are then not given for a time. Answers at once, whatever `WaitTimeSeconds` says.
 *
 * Errors: `QueueDoesNotExist`, `InvalidParameterValueException`.
 */
export interface SqsReceiveMessageInput {
  /** The queue. */
  QueueUrl: string | undefined;
  /** As `MessageSystemAttributeNames`. */
  AttributeNames?: List<string> | null | undefined;
  /** Which of `SenderId`, `SentTimestamp`, `ApproximateReceiveCount`, `ApproximateFirstReceiveTimestamp` are told; `All` for all. */
  MessageSystemAttributeNames?: List<string> | null | undefined;
  /** Which attributes are told: names, `All`, or beginnings of names with `.*` behind them. */
  MessageAttributeNames?: List<string> | null | undefined;
  /** At most this many, 1 to 10; 1 when absent. */
  MaxNumberOfMessages?: number | bigint | null | undefined;
  /** For how long nobody else is given them, in seconds, 0 to 43,200; the queue's when absent. */
  VisibilityTimeout?: number | bigint | null | undefined;
  /** How long to wait for a message, in seconds, 0 to 20; nothing waits here. */
  WaitTimeSeconds?: number | bigint | null | undefined;
}

/** A value beside the body of a message. */
export interface SqsMessageAttributeValue {
  /** Text, of the types `String` and `Number`. */
  StringValue?: string | undefined;
  /** Bytes, of the type `Binary`. */
  BinaryValue?: Uint8Array | undefined;
  /** The type, with a label behind a dot if you like. */
  DataType: string;
}

/** A message. */
export interface SqsMessage {
  /** Its identity. */
  MessageId?: string | undefined;
  /** What it is removed by, and made visible by. */
  ReceiptHandle?: string | undefined;
  /** MD5 of the body, hexadecimal. */
  MD5OfBody?: string | undefined;
  /** What it says. */
  Body?: string | undefined;
  /** What is known of it. */
  Attributes?: { [name: string]: string } | undefined;
  /** MD5 of the attributes that are told, hexadecimal. */
  MD5OfMessageAttributes?: string | undefined;
  /** What stands beside the body. */
  MessageAttributes?: { [name: string]: SqsMessageAttributeValue } | undefined;
}

/** Answer of ReceiveMessage. */
export interface SqsReceiveMessageOutput {
  /** The messages; absent where there are none. */
  Messages?: SqsMessage[] | undefined;
}

/** Removes a message. Errors: `QueueDoesNotExist`, `ReceiptHandleIsInvalid`. */
export interface SqsDeleteMessageInput {
  /** The queue. */
  QueueUrl: string | undefined;
  /** What ReceiveMessage answered. */
  ReceiptHandle: string | undefined;
}

/** Answer of DeleteMessage. */
export type SqsDeleteMessageOutput = { [name: string]: never };

/** A message to remove. */
export interface SqsDeleteMessageBatchRequestEntry {
  /** What the answer calls it. */
  Id: string | undefined;
  /** What ReceiveMessage answered. */
  ReceiptHandle: string | undefined;
}

/**
 * Removes up to 10 messages.
 *
 * Errors: `QueueDoesNotExist`, `EmptyBatchRequest`, `TooManyEntriesInBatchRequest`, `BatchEntryIdsNotDistinct`, `InvalidBatchEntryId`.
 */
export interface SqsDeleteMessageBatchInput {
  /** The queue. */
  QueueUrl: string | undefined;
  /** The messages. */
  Entries: List<SqsDeleteMessageBatchRequestEntry> | undefined;
}

/** Something that was done. */
export interface SqsDeleteMessageBatchResultEntry {
  /** What the request called it. */
  Id?: string | undefined;
}

/** Answer of DeleteMessageBatch. */
export interface SqsDeleteMessageBatchOutput {
  /** What was removed. */
  Successful?: SqsDeleteMessageBatchResultEntry[] | undefined;
  /** What was not. */
  Failed?: SqsBatchResultErrorEntry[] | undefined;
}

/**
 * Says anew for how long nobody else is given a message, from now on.
 *
 * Errors: `QueueDoesNotExist`, `ReceiptHandleIsInvalid`, `MessageNotInflight`, `InvalidParameterValueException`.
 */
export interface SqsChangeMessageVisibilityInput {
  /** The queue. */
  QueueUrl: string | undefined;
  /** What ReceiveMessage answered. */
  ReceiptHandle: string | undefined;
  /** Seconds, 0 to 43,200. */
  VisibilityTimeout: number | bigint | undefined;
}

/** Answer of ChangeMessageVisibility. */
export type SqsChangeMessageVisibilityOutput = { [name: string]: never };

/** A message, and for how long nobody else is given it. */
export interface SqsChangeMessageVisibilityBatchRequestEntry {
  /** What the answer calls it. */
  Id: string | undefined;
  /** What ReceiveMessage answered. */
  ReceiptHandle: string | undefined;
  /** Seconds, 0 to 43,200. */
  VisibilityTimeout?: number | bigint | null | undefined;
}

/**
 * As ChangeMessageVisibility, of up to 10 messages.
 *
 * Errors: `QueueDoesNotExist`, `EmptyBatchRequest`, `TooManyEntriesInBatchRequest`, `BatchEntryIdsNotDistinct`, `InvalidBatchEntryId`.
 */
export interface SqsChangeMessageVisibilityBatchInput {
  /** The queue. */
  QueueUrl: string | undefined;
  /** The messages. */
  Entries: List<SqsChangeMessageVisibilityBatchRequestEntry> | undefined;
}

/** Something that was done. */
export interface SqsChangeMessageVisibilityBatchResultEntry {
  /** What the request called it. */
  Id?: string | undefined;
}

/** Answer of ChangeMessageVisibilityBatch. */
export interface SqsChangeMessageVisibilityBatchOutput {
  /** What was changed. */
  Successful?: SqsChangeMessageVisibilityBatchResultEntry[] | undefined;
  /** What was not. */
  Failed?: SqsBatchResultErrorEntry[] | undefined;
}

/**
 * Makes a bucket.
 *
 * Errors: `InvalidBucketName`, `BucketAlreadyOwnedByYou`.
 */
export interface S3CreateBucketInput {
  /** Its name: 3 to 63 small letters, digits, dots and hyphens. */
  Bucket: string | undefined;
}

/** Answer of CreateBucket. */
export interface S3CreateBucketOutput {
  /** Its path. */
  Location?: string | undefined;
}

/** Lists the buckets, in order of their names. */
export type S3ListBucketsInput = { [name: string]: never };

/** A bucket. */
export interface S3Bucket {
  /** Its name. */
  Name?: string | undefined;
  /** When it was made. */
  CreationDate?: Date | undefined;
}

/** Answer of ListBuckets. */
export interface S3ListBucketsOutput {
  /** The buckets. */
  Buckets?: S3Bucket[] | undefined;
}

/** Tells whether there is a bucket. Errors: `NoSuchBucket`. */
export interface S3HeadBucketInput {
  /** Its name. */
  Bucket: string | undefined;
}

/** Answer of HeadBucket. */
export interface S3HeadBucketOutput {
  /** Where it is. */
  BucketRegion?: string | undefined;
}

/** Removes a bucket, which must be empty. Errors: `NoSuchBucket`, `BucketNotEmpty`. */
export interface S3DeleteBucketInput {
  /** Its name. */
  Bucket: string | undefined;
}

/** Answer of DeleteBucket. */
export type S3DeleteBucketOutput = { [name: string]: never };

/**
 * Writes an object, in place of one of the same key.
 *
 * Errors: `NoSuchBucket`, `EntityTooLarge`, `KeyTooLongError`, `InvalidArgumentException`.
 */
export interface S3PutObjectInput {
  /** Its bucket. */
  Bucket: string | undefined;
  /** Its key, up to 1,024 bytes. */
  Key: string | undefined;
  /** What it holds, up to 16 MiB; nothing when absent. */
  Body?: Bytes | null | undefined;
  /** Its media type; `binary/octet-stream` when absent. A directory of buckets keeps none. */
  ContentType?: string | null | undefined;
  /** What else is kept of it, up to 2 KB. A directory of buckets keeps none. */
  Metadata?: { readonly [name: string]: string } | null | undefined;
}

/** Answer of PutObject. */
export interface S3PutObjectOutput {
  /** What tells this object from others of its key. */
  ETag?: string | undefined;
}

/** Reads an object. Errors: `NoSuchBucket`, `NoSuchKey`. */
export interface S3GetObjectInput {
  /** Its bucket. */
  Bucket: string | undefined;
  /** Its key. */
  Key: string | undefined;
}

/** Answer of GetObject. */
export interface S3GetObjectOutput {
  /** What it holds. */
  Body?: Uint8Array | undefined;
  /** Bytes of that. */
  ContentLength?: number | undefined;
  /** Its media type. */
  ContentType?: string | undefined;
  /** What tells it from others of its key: MD5 of the body, hexadecimal, in quotes; of a file, another text. */
  ETag?: string | undefined;
  /** When it was written. */
  LastModified?: Date | undefined;
  /** What else is kept of it. */
  Metadata?: { [name: string]: string } | undefined;
}

/** As GetObject, without what it holds. Errors: `NoSuchBucket`, `NoSuchKey`. */
export interface S3HeadObjectInput {
  /** Its bucket. */
  Bucket: string | undefined;
  /** Its key. */
  Key: string | undefined;
}

/** Answer of HeadObject. */
export interface S3HeadObjectOutput {
  /** Bytes of what it holds. */
  ContentLength?: number | undefined;
  /** Its media type. */
  ContentType?: string | undefined;
  /** As in GetObject. */
  ETag?: string | undefined;
  /** When it was written. */
  LastModified?: Date | undefined;
  /** What else is kept of it. */
  Metadata?: { [name: string]: string } | undefined;
}

/** Removes an object; nothing where there is none. Errors: `NoSuchBucket`. */
export interface S3DeleteObjectInput {
  /** Its bucket. */
  Bucket: string | undefined;
  /** Its key. */
  Key: string | undefined;
}

/** Answer of DeleteObject. */
export type S3DeleteObjectOutput = { [name: string]: never };

/**
 * Lists objects, in the order of the bytes of their keys.
 *
 * Errors: `NoSuchBucket`, `InvalidArgumentException`.
 */
export interface S3ListObjectsV2Input {
  /** Their bucket. */
  Bucket: string | undefined;
  /** What their keys begin with. */
  Prefix?: string | null | undefined;
  /** Keys with this text behind the prefix are told as one, up to it. */
  Delimiter?: string | null | undefined;
  /** At most this many keys and common prefixes; 1,000 when absent, and at most. */
  MaxKeys?: number | bigint | null | undefined;
  /** Where to go on. */
  ContinuationToken?: string | null | undefined;
  /** Behind which key to begin. */
  StartAfter?: string | null | undefined;
}

/** An object. */
export interface S3Object {
  /** Its key. */
  Key?: string | undefined;
  /** When it was written. */
  LastModified?: Date | undefined;
  /** As in GetObject. */
  ETag?: string | undefined;
  /** Bytes of what it holds. */
  Size?: number | undefined;
  /** `STANDARD`. */
  StorageClass?: string | undefined;
}

/** What several keys begin with. */
export interface S3CommonPrefix {
  /** The text, up to the delimiter and with it. */
  Prefix?: string | undefined;
}

/** Answer of ListObjectsV2. */
export interface S3ListObjectsV2Output {
  /** The bucket. */
  Name?: string | undefined;
  /** As asked for. */
  Prefix?: string | undefined;
  /** As asked for. */
  Delimiter?: string | undefined;
  /** How many were asked for. */
  MaxKeys?: number | undefined;
  /** How many there are here. */
  KeyCount?: number | undefined;
  /** Whether there are more. */
  IsTruncated?: boolean | undefined;
  /** Where this began. */
  ContinuationToken?: string | undefined;
  /** Where to go on, if there are more. */
  NextContinuationToken?: string | undefined;
  /** As asked for. */
  StartAfter?: string | undefined;
  /** The objects; absent where there are none. */
  Contents?: S3Object[] | undefined;
  /** What keys with the delimiter begin with; absent where there are none. */
  CommonPrefixes?: S3CommonPrefix[] | undefined;
}

/** A name with a text, of a topic. */
export interface SnsTagInput {
  /** The name. */
  Key: string | undefined;
  /** The text. */
  Value: string | undefined;
}

/**
 * Makes a topic; one that is there with the same attributes and tags is answered.
 *
 * Errors: `InvalidParameter`, `TagLimitExceeded`.
 */
export interface SnsCreateTopicInput {
  /** Its name: up to 256 letters, digits, hyphens and underscores. */
  Name: string | undefined;
  /** What it is set to: as in SetTopicAttributes. */
  Attributes?: { readonly [name: string]: string } | null | undefined;
  /** Its tags. */
  Tags?: List<SnsTagInput> | null | undefined;
}

/** Answer of CreateTopic. */
export interface SnsCreateTopicOutput {
  /** How other operations name it. */
  TopicArn: string;
}

/** Removes a topic and its subscriptions; nothing where there is none. Errors: `InvalidParameter`. */
export interface SnsDeleteTopicInput {
  /** The topic. */
  TopicArn: string | undefined;
}

/** Answer of DeleteTopic. */
export type SnsDeleteTopicOutput = { [name: string]: never };

/** Lists topics, in order of their names, 100 on a page. Errors: `InvalidParameter`. */
export interface SnsListTopicsInput {
  /** Where to go on. */
  NextToken?: string | null | undefined;
}

/** A topic in a list. */
export interface SnsTopic {
  /** How other operations name it. */
  TopicArn?: string | undefined;
}

/** Answer of ListTopics. */
export interface SnsListTopicsOutput {
  /** The topics. */
  Topics?: SnsTopic[] | undefined;
  /** Where to go on, if there are more. */
  NextToken?: string | undefined;
}

/** Tells what a topic is set to, and how many subscriptions it has. Errors: `NotFound`, `InvalidParameter`. */
export interface SnsGetTopicAttributesInput {
  /** The topic. */
  TopicArn: string | undefined;
}

/** Answer of GetTopicAttributes. */
export interface SnsGetTopicAttributesOutput {
  /** What is known of it, by name. */
  Attributes?: { [name: string]: string } | undefined;
}

/** Sets a topic otherwise. Errors: `NotFound`, `InvalidParameter`. */
export interface SnsSetTopicAttributesInput {
  /** The topic. */
  TopicArn: string | undefined;
  /**
   * Which: `DisplayName`, `Policy`, `DeliveryPolicy`, `KmsMasterKeyId`, `SignatureVersion`, `TracingConfig`. They are kept and told; only
   * `SignatureVersion` shows in what is delivered.
   */
  AttributeName: string | undefined;
  /** To what; to what holds otherwise when absent. */
  AttributeValue?: string | null | undefined;
}

/** Answer of SetTopicAttributes. */
export type SnsSetTopicAttributesOutput = { [name: string]: never };

/**
 * Has somebody told of what is published. Queues of this database are told; what is at an address (`http`, `https`, `email`, `email-json`) is kept as pending, and
 * never told. Other protocols are refused.
 *
 * Errors: `NotFound`, `InvalidParameter`.
 */
export interface SnsSubscribeInput {
  /** The topic. */
  TopicArn: string | undefined;
  /** How: `sqs`, `http`, `https`, `email` or `email-json`. */
  Protocol: string | undefined;
  /** Whom: of `sqs` the ARN of the queue. */
  Endpoint?: string | null | undefined;
  /** What it is set to: as in SetSubscriptionAttributes. */
  Attributes?: { readonly [name: string]: string } | null | undefined;
  /** Whether the ARN of a subscription that is pending is answered, too. */
  ReturnSubscriptionArn?: boolean | null | undefined;
}

/** Answer of Subscribe. */
export interface SnsSubscribeOutput {
  /** How other operations name it; `pending confirmation` of one that is. */
  SubscriptionArn: string;
}

/** Ends a subscription; nothing where there is none. Errors: `InvalidParameter`. */
export interface SnsUnsubscribeInput {
  /** The subscription. */
  SubscriptionArn: string | undefined;
}

/** Answer of Unsubscribe. */
export type SnsUnsubscribeOutput = { [name: string]: never };

/** Lists all subscriptions, 100 on a page. Errors: `InvalidParameter`. */
export interface SnsListSubscriptionsInput {
  /** Where to go on. */
  NextToken?: string | null | undefined;
}

/** A subscription in a list. */
export interface SnsSubscription {
  /** How other operations name it; `PendingConfirmation` of one that is. */
  SubscriptionArn?: string | undefined;
  /** Whose it is. */
  Owner?: string | undefined;
  /** How it is told. */
  Protocol?: string | undefined;
  /** Who is told. */
  Endpoint?: string | undefined;
  /** Of which topic. */
  TopicArn?: string | undefined;
}

/** Answer of ListSubscriptions. */
export interface SnsListSubscriptionsOutput {
  /** The subscriptions. */
  Subscriptions?: SnsSubscription[] | undefined;
  /** Where to go on, if there are more. */
  NextToken?: string | undefined;
}

/** Lists the subscriptions of a topic, 100 on a page. Errors: `NotFound`, `InvalidParameter`. */
export interface SnsListSubscriptionsByTopicInput {
  /** The topic. */
  TopicArn: string | undefined;
  /** Where to go on. */
  NextToken?: string | null | undefined;
}

/** Answer of ListSubscriptionsByTopic. */
export interface SnsListSubscriptionsByTopicOutput {
  /** The subscriptions. */
  Subscriptions?: SnsSubscription[] | undefined;
  /** Where to go on, if there are more. */
  NextToken?: string | undefined;
}

/** Tells what a subscription is set to. Errors: `NotFound`, `InvalidParameter`. */
export interface SnsGetSubscriptionAttributesInput {
  /** The subscription. */
  SubscriptionArn: string | undefined;
}

/** Answer of GetSubscriptionAttributes. */
export interface SnsGetSubscriptionAttributesOutput {
  /** What is known of it, by name. */
  Attributes?: { [name: string]: string } | undefined;
}

/** Sets a subscription otherwise. Errors: `NotFound`, `InvalidParameter`. */
export interface SnsSetSubscriptionAttributesInput {
  /** The subscription. */
  SubscriptionArn: string | undefined;
  /** Which: `RawMessageDelivery`, `FilterPolicy`, `FilterPolicyScope`, `RedrivePolicy`, `DeliveryPolicy`, which is kept and told alone. */
  AttributeName: string | undefined;
  /** To what; to what holds otherwise when absent. */
  AttributeValue?: string | null | undefined;
}

/** Answer of SetSubscriptionAttributes. */
export type SnsSetSubscriptionAttributesOutput = { [name: string]: never };

/** A value beside a message. */
export interface SnsMessageAttributeValue {
  /** The type: `String`, `String.Array`, `Number` or `Binary`, with a label behind a dot if you like. */
  DataType: string | undefined;
  /** Text, of all types but `Binary`. */
  StringValue?: string | null | undefined;
  /** Bytes, of the type `Binary`. */
  BinaryValue?: Bytes | null | undefined;
}

/**
 * Tells all who have subscribed to a topic, in one commit.
 *
 * Errors: `NotFound`, `InvalidParameter`, `ParameterValueInvalid`.
 */
export interface SnsPublishInput {
  /** The topic. */
  TopicArn?: string | null | undefined;
  /** The same. */
  TargetArn?: string | null | undefined;
  /** What to tell, up to 256 KiB with its attributes. */
  Message: string | undefined;
  /** Its subject, up to 100 characters. */
  Subject?: string | null | undefined;
  /** `json` where the message is an object of texts by protocol, one of them called `default`. */
  MessageStructure?: string | null | undefined;
  /** What stands beside the message. */
  MessageAttributes?: { readonly [name: string]: SnsMessageAttributeValue } | null | undefined;
}

/** Answer of Publish. */
export interface SnsPublishOutput {
  /** Its identity. */
  MessageId: string;
}

/** A message of a batch. */
export interface SnsPublishBatchRequestEntry {
  /** What the answer calls it. */
  Id: string | undefined;
  /** As in Publish. */
  Message: string | undefined;
  /** As in Publish. */
  Subject?: string | null | undefined;
  /** As in Publish. */
  MessageStructure?: string | null | undefined;
  /** As in Publish. */
  MessageAttributes?: { readonly [name: string]: SnsMessageAttributeValue } | null | undefined;
}

/**
 * Publishes up to 10 messages in one commit: all or none.
 *
 * Errors: `NotFound`, `InvalidParameter`, `ParameterValueInvalid`, `EmptyBatchRequest`, `TooManyEntriesInBatchRequest`, `BatchEntryIdsNotDistinct`,
 * `InvalidBatchEntryId`, `BatchRequestTooLong`.
 */
export interface SnsPublishBatchInput {
  /** The topic. */
  TopicArn: string | undefined;
  /** The messages. */
  PublishBatchRequestEntries: List<SnsPublishBatchRequestEntry> | undefined;
}

/** A message that was published. */
export interface SnsPublishBatchResultEntry {
  /** What the request called it. */
  Id?: string | undefined;
  /** Its identity. */
  MessageId?: string | undefined;
}

/** What was not done, and why. */
export interface SnsBatchResultErrorEntry {
  /** What the request called it. */
  Id?: string | undefined;
  /** The code. */
  Code?: string | undefined;
  /** The same as text. */
  Message?: string | undefined;
  /** Whether the sender is at fault. */
  SenderFault?: boolean | undefined;
}

/** Answer of PublishBatch. */
export interface SnsPublishBatchOutput {
  /** What was published. */
  Successful?: SnsPublishBatchResultEntry[] | undefined;
  /** What was not: nothing, since what is wrong with one message is said of the request. */
  Failed?: SnsBatchResultErrorEntry[] | undefined;
}

/** Gives a topic tags, in place of those of the same names. Errors: `ResourceNotFoundException`, `TagLimitExceeded`, `InvalidParameter`. */
export interface SnsTagResourceInput {
  /** The topic. */
  ResourceArn: string | undefined;
  /** The tags. */
  Tags: List<SnsTagInput> | undefined;
}

/** Answer of TagResource. */
export type SnsTagResourceOutput = { [name: string]: never };

/** Takes tags from a topic. Errors: `ResourceNotFoundException`, `InvalidParameter`. */
export interface SnsUntagResourceInput {
  /** The topic. */
  ResourceArn: string | undefined;
  /** Their names. */
  TagKeys: List<string> | undefined;
}

/** Answer of UntagResource. */
export type SnsUntagResourceOutput = { [name: string]: never };

/** Lists the tags of a topic. Errors: `ResourceNotFoundException`, `InvalidParameter`. */
export interface SnsListTagsForResourceInput {
  /** The topic. */
  ResourceArn: string | undefined;
}

/** A name with a text, of a topic. */
export interface SnsTag {
  /** The name. */
  Key: string;
  /** The text. */
  Value: string;
}

/** Answer of ListTagsForResource. */
export interface SnsListTagsForResourceOutput {
  /** The tags, in order of their names. */
  Tags?: SnsTag[] | undefined;
}

/**
 * Makes a function known, so that mappings may name it; in place of one of the same name. Its code stays where it is: a handler in a program,
 * or a process with an endpoint.
 *
 * Errors: `InvalidParameterValueException`.
 */
export interface RegisterFunctionInput {
  /** Its name, or its ARN without a qualifier. */
  FunctionName: string | undefined;
  /** Its versions besides `$LATEST`. */
  Versions?: List<string> | null | undefined;
  /** Its aliases, and the version that each of them means. */
  Aliases?: { readonly [name: string]: string } | null | undefined;
  /** Where it is invoked: the address of a runtime interface emulator, `http://host:port`. */
  Endpoint?: string | null | undefined;
  /** How long an invocation may take, in seconds; 3 when absent. */
  TimeoutInSeconds?: number | bigint | null | undefined;
  /** What its context tells, in mebibytes; 128 when absent. */
  MemorySize?: number | bigint | null | undefined;
}

/** A function that mappings may name. */
export interface RegisteredFunction {
  /** Its name. */
  FunctionName: string;
  /** Its ARN, without a qualifier. */
  FunctionArn: string;
  /** Its versions besides `$LATEST`. */
  Versions?: string[] | undefined;
  /** Its aliases, and the version that each of them means. */
  Aliases?: { [name: string]: string } | undefined;
  /** Where it is invoked: the address of a runtime interface emulator; absent where a program has it as a handler. */
  Endpoint?: string | undefined;
  /** How long an invocation may take, in seconds. */
  TimeoutInSeconds: number;
  /** What its context tells, in mebibytes. */
  MemorySize: number;
}

/** Answer of RegisterFunction. */
export interface RegisterFunctionOutput {
  /** The function. */
  Function: RegisteredFunction;
}

/**
 * Forgets a function. Its mappings stay, and hand nothing over until it is there again.
 *
 * Errors: `ResourceNotFoundException`.
 */
export interface DeregisterFunctionInput {
  /** Its name, or its ARN without a qualifier. */
  FunctionName: string | undefined;
}

/** Answer of DeregisterFunction. */
export type DeregisterFunctionOutput = { [name: string]: never };

/** Lists the functions by name. */
export type ListRegisteredFunctionsInput = { [name: string]: never };

/** Answer of ListRegisteredFunctions. */
export interface ListRegisteredFunctionsOutput {
  /** The functions. */
  Functions: RegisteredFunction[];
}

/** Tells of all mappings, if anything of them or of the functions has changed. */
export interface DescribeMappingsInput {
  /** What the caller knows; all are told when absent. */
  KnownVersion?: number | bigint | null | undefined;
}

/** A mapping, and how far it has come. */
export interface MappingDescription {
  /** The mapping as GetEventSourceMapping tells it. */
  Configuration?: EventSourceMappingConfiguration | undefined;
  /** Rises with each change of the mapping, settlements aside. */
  Revision?: number | undefined;
  /** How far it has come, as SettleMapping was told; absent before the first time. */
  Checkpoint?: string | undefined;
  /** How often that was. */
  Settlements?: number | undefined;
}

/** Answer of DescribeMappings. */
export interface DescribeMappingsOutput {
  /** Rises with each change of a mapping or function, settlements aside. */
  Version?: number | undefined;
  /** How often the database was restored or reset since it was opened: what was read before may never have been. */
  Restores?: number | undefined;
  /** When the next change of a mapping comes into force that is under way, epoch milliseconds; absent without any. */
  ChangesAt?: number | undefined;
  /** The mappings, in the order in which they were made; absent where the caller knows them. */
  Mappings?: MappingDescription[] | undefined;
}

/** A batch that was given up. */
export interface MappingFailure {
  /** The ARN of the queue, topic or bucket that is told. */
  Destination: string | undefined;
  /** What it is told: JSON. */
  Document: string | undefined;
  /** The name of the object, of a bucket. */
  Key?: string | null | undefined;
}

/**
 * Keeps how far a mapping has come, delivers the failures, and does the handler's writes, all in one commit or not at all.
 *
 * Errors: `ResourceNotFoundException`; `ResourceConflictException` where another worker has settled in between;
 * `TransactionCanceledException` for the writes.
 */
export interface SettleMappingInput {
  /** The mapping. */
  UUID: string | undefined;
  /** How often it had been settled, as the caller knows it. */
  Settlements: number | bigint | undefined;
  /** How far it has come. */
  Checkpoint: string | undefined;
  /** What became of the last batch. */
  LastProcessingResult?: string | null | undefined;
  /** Batches that were given up. */
  Failures?: List<MappingFailure> | null | undefined;
  /** Writes that belong to what was processed, as in TransactWriteItems. */
  TransactItems?: List<TransactWriteItem> | null | undefined;
}

/** Answer of SettleMapping. */
export interface SettleMappingOutput {
  /** How often it was settled now. */
  Settlements?: number | undefined;
  /** Failures that could not be delivered, since there is no such destination. */
  Undelivered?: number | undefined;
}

/**
 * Moves the manual clock forward, running whatever falls due on the way, in order.
 *
 * Errors: `ValidationException` when the database runs on the system clock.
 */
export interface AdvanceClockInput {
  /** How far, in milliseconds. */
  Milliseconds: number | bigint | undefined;
}

/** Answer of AdvanceClock. */
export interface AdvanceClockOutput {
  /** The new time, epoch milliseconds. */
  Now: number;
}

/** Tells the database's time. */
export type DescribeClockInput = { [name: string]: never };

/** Answer of DescribeClock. */
export interface DescribeClockOutput {
  /** The time, epoch milliseconds. */
  Now: number;
  /** `manual` or `system`. */
  Mode: string;
}

/**
 * Splits a partition: its shard closes and two children open.
 *
 * Errors: `ResourceNotFoundException` for an unknown table or shard, `ValidationException` for a shard that is closed or a
 * stream that is turned off.
 */
export interface SplitShardInput {
  /** Name or ARN of the table, or ARN of its stream. */
  TableName: string | undefined;
  /** The open shard whose partition to split; the widest partition when absent. */
  ShardId?: string | null | undefined;
}

/** Answer of SplitShard. */
export interface SplitShardOutput {
  /** The closed shard; absent when the table has no stream. */
  ParentShardId: string;
  /** The shards opened in its place. */
  ChildShardIds: string[];
  /** Partitions of the table now. */
  PartitionCount: number;
}

/**
 * Closes a shard and opens one child in its place.
 *
 * Errors: as SplitShard; `ValidationException` also when the table has no stream.
 */
export interface RollShardInput {
  /** Name or ARN of the table, or ARN of its stream. */
  TableName: string | undefined;
  /** The open shard to replace; every open shard of the table when absent. */
  ShardId?: string | null | undefined;
}

/** Which shards followed which. */
export interface ShardSuccession {
  /** The closed shard. */
  ParentShardId: string;
  /** The shards opened in its place. */
  ChildShardIds: string[];
}

/** Answer of RollShard. */
export interface RollShardOutput {
  /** What was replaced by what. */
  Successions: ShardSuccession[];
}

/** Does the background work that is due now. */
export type MaintainInput = { [name: string]: never };

/** Answer of Maintain: what was done. */
export interface MaintainOutput {
  /** Shards replaced because of their age. */
  ShardsRolled?: number | undefined;
  /** Partitions split because of their size or use. */
  PartitionsSplit?: number | undefined;
  /** Records given back because of their age. */
  RecordsTrimmed?: number | undefined;
  /** Shards without records given back. */
  ShardsRemoved?: number | undefined;
  /** Streams given back. */
  StreamsRemoved?: number | undefined;
  /** Deleted tables given back. */
  TablesRemoved?: number | undefined;
  /** Items deleted because their time was over. */
  ItemsExpired?: number | undefined;
}

/** What a fault does to a call. */
export type FaultEffect = 'FAIL' | 'DELAY' | 'EXPIRE_ITERATOR' | 'TRIM_AHEAD' | 'HIDE_CHILDREN' | 'EMPTY_PAGE' | 'REPEAT_RECORDS' | 'HOLD_BACK_RECORDS' | 'REPEAT_DELIVERY';

/** The error of a call that fails on purpose. */
export interface FaultErrorInput {
  /** A code, such as `ThrottlingException`. */
  Code: string | undefined;
  /** The text; the service's own when absent. */
  Message?: string | null | undefined;
  /**
   * For `TransactionCanceledException`, which requires them: the codes of the reasons, one for each action, such as `None` and
   * `TransactionConflict`.
   */
  CancellationReasons?: List<string> | null | undefined;
}

/** When a call fails. */
export type FaultMoment = 'BEFORE' | 'AFTER';

/** A fault: which calls, and what happens to them. */
export interface FaultInput {
  /** A name for the trace. */
  Name?: string | null | undefined;
  /** What it does. */
  Effect: FaultEffect | undefined;
  /** Calls of these operations. When absent, of all that the effect can be about, but for those of this store's own, which have to be named. */
  Operations?: List<string> | null | undefined;
  /**
   * Calls that name this table, by its name or an ARN of it or its stream, in an iterator, a batch or a transaction. The text of a
   * statement is not looked at.
   */
  TableName?: string | null | undefined;
  /** Calls that name this shard, also in an iterator. */
  ShardId?: string | null | undefined;
  /** Calls of GetRecords with this iterator. */
  ShardIterator?: string | null | undefined;
  /** How many of these calls are left alone first. */
  Skip?: number | bigint | null | undefined;
  /** To how many of them it happens at most; to all when absent. */
  Times?: number | bigint | null | undefined;
  /** With which probability it happens to one of them, 0 to 1; always when absent. */
  Probability?: number | null | undefined;
  /** The error of `FAIL`. */
  Error?: FaultErrorInput | null | undefined;
  /** When `FAIL` happens; before the call when absent. */
  Moment?: FaultMoment | null | undefined;
  /** How long, for `DELAY`, `HIDE_CHILDREN` and `HOLD_BACK_RECORDS`, in milliseconds. */
  Milliseconds?: number | bigint | null | undefined;
  /** How many, for `TRIM_AHEAD`, `REPEAT_RECORDS` and `REPEAT_DELIVERY`. */
  Records?: number | bigint | null | undefined;
}

/**
 * Has calls disturbed from now on, until the database is closed: a program can be tried against what happens rarely. The same faults with
 * the same seed do the same to the same calls. They take the place of those before, and begin a new trace; without any, calls go
 * undisturbed again and the trace stays. Where several are about a call, the first of them happens that is due.
 *
 * A fault that finds nothing to do to a call, such as to an empty page, is not used up and not in the trace.
 *
 * Errors: `ValidationException` for a fault that contradicts itself, or names an operation or a code that does not exist.
 */
export interface SetFaultsInput {
  /** The faults, at most 100. */
  Faults: List<FaultInput> | undefined;
  /** The seed of all probabilities; 0 when absent. */
  Seed?: number | bigint | null | undefined;
}

/** Answer of SetFaults. */
export type SetFaultsOutput = { [name: string]: never };

/** Tells the faults and what they did. */
export interface DescribeFaultsInput {
  /** Of the trace, what comes after this number. */
  AfterNumber?: number | bigint | null | undefined;
  /** Of the trace, at most so many entries, the oldest first; all when absent. */
  Limit?: number | bigint | null | undefined;
}

/** The error of a call that fails on purpose. */
export interface FaultError {
  /** A code, such as `ThrottlingException`. */
  Code: string;
  /** The text; the service's own when absent. */
  Message?: string | undefined;
  /**
   * For `TransactionCanceledException`, which requires them: the codes of the reasons, one for each action, such as `None` and
   * `TransactionConflict`.
   */
  CancellationReasons?: string[] | undefined;
}

/** A fault: which calls, and what happens to them. */
export interface Fault {
  /** A name for the trace. */
  Name?: string | undefined;
  /** What it does. */
  Effect: FaultEffect;
  /** Calls of these operations. When absent, of all that the effect can be about, but for those of this store's own, which have to be named. */
  Operations?: string[] | undefined;
  /**
   * Calls that name this table, by its name or an ARN of it or its stream, in an iterator, a batch or a transaction. The text of a
   * statement is not looked at.
   */
  TableName?: string | undefined;
  /** Calls that name this shard, also in an iterator. */
  ShardId?: string | undefined;
  /** Calls of GetRecords with this iterator. */
  ShardIterator?: string | undefined;
  /** How many of these calls are left alone first. */
  Skip?: number | undefined;
  /** To how many of them it happens at most; to all when absent. */
  Times?: number | undefined;
  /** With which probability it happens to one of them, 0 to 1; always when absent. */
  Probability?: number | undefined;
  /** The error of `FAIL`. */
  Error?: FaultError | undefined;
  /** When `FAIL` happens; before the call when absent. */
  Moment?: FaultMoment | undefined;
  /** How long, for `DELAY`, `HIDE_CHILDREN` and `HOLD_BACK_RECORDS`, in milliseconds. */
  Milliseconds?: number | undefined;
  /** How many, for `TRIM_AHEAD`, `REPEAT_RECORDS` and `REPEAT_DELIVERY`. */
  Records?: number | undefined;
}

/** A fault as it stands. */
export interface FaultDescription {
  /** The fault as it was set. */
  Fault: Fault;
  /** How many calls it is about there were. */
  Calls: number;
  /** How often it happened. */
  Injected: number;
}

/** What a fault did to a call. */
export interface Injection {
  /** Counts from 1. */
  Number: number;
  /** When, epoch milliseconds. */
  At: number;
  /** The place of the fault in the list, from 0. */
  Fault?: number | undefined;
  /** The name of the fault. */
  Name?: string | undefined;
  /** What it does. */
  Effect: FaultEffect;
  /** The operation that was called. */
  Operation: string;
  /** The tables that the call named. */
  TableNames?: string[] | undefined;
  /** The shard that it named. */
  ShardId?: string | undefined;
  /** What was done, in words. */
  Detail?: string | undefined;
}

/** Answer of DescribeFaults. */
export interface DescribeFaultsOutput {
  /** The seed. */
  Seed?: number | undefined;
  /** The faults, in their order. */
  Faults: FaultDescription[];
  /** What they did, the oldest first: the newest 1,000 entries are kept. */
  Trace: Injection[];
}

/**
 * DescribeStream, with what the service keeps to itself: how many records each shard has, how old they are, and who reads them. Looking
 * changes nothing.
 *
 * Errors: `ResourceNotFoundException` for an unknown stream.
 */
export interface InspectStreamInput {
  /** The stream. */
  StreamArn: string | undefined;
  /** At most so many shards, 1 to 100; 100 when absent. */
  Limit?: number | bigint | null | undefined;
  /** The shard after which to begin. */
  ExclusiveStartShardId?: string | null | undefined;
}

/** A record, by its place. */
export interface RecordPlace {
  /** Its sequence number. */
  SequenceNumber?: string | undefined;
  /** When it was written, epoch milliseconds. */
  At?: number | undefined;
}

/**
 * Somebody who reads a shard: an iterator and those that its pages led to. Known by its calls since the database was opened, until 15
 * minutes have passed without one, or the shard is read to its end; the last 16 of a shard.
 */
export interface ShardReader {
  /** Tells the readers of a database apart. */
  Number?: number | undefined;
  /** When it last called GetRecords, epoch milliseconds. */
  ReadAt?: number | undefined;
  /** How old its iterator is, milliseconds: it expires at 900,000. */
  IteratorAgeMillis?: number | undefined;
  /** How many records its calls were answered. */
  RecordsRead?: number | undefined;
  /** How many of the shard's records it has not read. */
  RecordsBehind?: number | undefined;
  /** How old the oldest of these is, milliseconds; 0 without any. */
  MillisBehind?: number | undefined;
  /** Whether records were trimmed that it has not read: its next call fails. */
  IsTrimmed?: boolean | undefined;
}

/** A shard as it stands. */
export interface ShardState {
  /** Its id. */
  ShardId: string;
  /** The shard it continues. */
  ParentShardId?: string | undefined;
  /** As DescribeStream has it. */
  SequenceNumberRange?: SequenceNumberRange | undefined;
  /** Whether records are still written to it. */
  IsOpen: boolean;
  /** When it was opened, epoch milliseconds. */
  OpenedAt?: number | undefined;
  /** When it was closed, epoch milliseconds. */
  ClosedAt?: number | undefined;
  /** The first hash of partition keys that it takes, 20 digits. */
  StartingHash?: string | undefined;
  /** The last one. */
  EndingHash?: string | undefined;
  /** Records that can be read. */
  RecordCount: number;
  /** The oldest of them. */
  Oldest?: RecordPlace | undefined;
  /** The newest of them. */
  Newest?: RecordPlace | undefined;
  /** Who reads it. */
  Readers: ShardReader[];
}

/** Answer of InspectStream. */
export interface InspectStreamOutput {
  /** The stream. */
  StreamArn: string;
  /** Its label. */
  StreamLabel: string;
  /** Its table. */
  TableName: string;
  /** As DescribeStream has it. */
  StreamStatus: StreamStatus;
  /** What its records hold. */
  StreamViewType: StreamViewType;
  /** When it was turned on. */
  CreationRequestDateTime: Date;
  /** How long its records can be read, milliseconds. */
  RetentionMillis: number;
  /** Its shards, in the order of their ids. */
  Shards: ShardState[];
  /** Where to go on; absent at the end. */
  LastEvaluatedShardId?: string | undefined;
}

/**
 * Looks at the records of a shard: a range of them from either end, and of these those that have a key or match an event pattern. Unlike
 * GetRecords it takes no iterator, so that nobody becomes a reader by it. What was trimmed is not told.
 *
 * Errors: `ResourceNotFoundException` for an unknown stream or shard; `ValidationException` for a key of other attributes than the
 * table's, and a text that is no pattern.
 */
export interface InspectRecordsInput {
  /** The stream. */
  StreamArn: string | undefined;
  /** The shard. */
  ShardId: string | undefined;
  /** Only records after this number. */
  AfterSequenceNumber?: string | null | undefined;
  /** Only records before this number. */
  BeforeSequenceNumber?: string | null | undefined;
  /** Whether to look at the newest records of the range; at the oldest when absent. */
  Newest?: boolean | null | undefined;
  /** How many records to look at, 1 to 1,000; 100 when absent. Together they have at most 1 MB, or are one. */
  Limit?: number | bigint | null | undefined;
  /** Only records of the item with this key. */
  Key?: ItemInput | null | undefined;
  /** Only records that match this event pattern, as a filter of an event source mapping says it. */
  Pattern?: string | null | undefined;
}

/** Answer of InspectRecords. */
export interface InspectRecordsOutput {
  /** The records, the oldest first. */
  Records: Record[];
  /** How many records were looked at. */
  ExaminedCount: number;
  /** How many records of the range were not looked at. */
  RemainingCount: number;
  /** How many records after `AfterSequenceNumber`, or of all, were trimmed. */
  TrimmedCount: number;
  /** The oldest that was looked at. */
  FirstExamined?: RecordPlace | undefined;
  /** The newest that was looked at. */
  LastExamined?: RecordPlace | undefined;
}

/**
 * Tells what calls came to, under the names that Amazon CloudWatch has for it, since the database was opened with the option `metrics`.
 *
 * Errors: `ValidationException` without that option.
 */
export type DescribeMetricsInput = { [name: string]: never };

/** How long calls took, milliseconds on the database's clock: on a manual one 0, unless it was moved by them. */
export interface CallLatency {
  /** How many calls. */
  SampleCount?: number | undefined;
  /** All together. */
  Sum?: number | undefined;
  /** The shortest. */
  Minimum?: number | undefined;
  /** The longest. */
  Maximum?: number | undefined;
}

/** What the calls of one operation on one table came to. */
export interface CallCounts {
  /** The operation. */
  Operation?: string | undefined;
  /**
   * The table that the calls name, by name or ARN as they do. Absent for calls that name several or none, and refused ones whose table
   * no call before them was answered for.
   */
  TableName?: string | undefined;
  /** Calls that succeeded. */
  SuccessfulRequestLatency?: CallLatency | undefined;
  /** Calls refused for what they asked, but for those of the next three. */
  UserErrors?: number | undefined;
  /** Calls refused for being too many. */
  ThrottledRequests?: number | undefined;
  /** Calls whose condition was false, also in a transaction. */
  ConditionalCheckFailedRequests?: number | undefined;
  /** Calls that met a transaction. */
  TransactionConflict?: number | undefined;
  /** Calls that failed for no fault of theirs. */
  SystemErrors?: number | undefined;
  /** Items that Query and Scan answered. */
  ReturnedItemCount?: number | undefined;
  /** Records that GetRecords answered. */
  ReturnedRecordsCount?: number | undefined;
  /** Their sizes, `SizeBytes`. */
  ReturnedBytes?: number | undefined;
}

/** Answer of DescribeMetrics. */
export interface DescribeMetricsOutput {
  /** The counts, in the order of operations and tables. */
  Metrics: CallCounts[];
}

/**
 * Tells the latest calls, as many as the option `call_trace` says. Who asks again with the last number told follows them.
 *
 * Errors: `ValidationException` without that option.
 */
export interface DescribeCallsInput {
  /** What comes after this number. */
  AfterNumber?: number | bigint | null | undefined;
  /** At most so many, the oldest first; 1,000 when absent. */
  Limit?: number | bigint | null | undefined;
}

/** A call that has ended. */
export interface TracedCall {
  /** Counts the calls of this opening from 1. */
  Number?: number | undefined;
  /** When it was answered, epoch milliseconds. */
  At?: number | undefined;
  /** The operation. */
  Operation?: string | undefined;
  /** The table that it names. */
  TableName?: string | undefined;
  /** How long it took, milliseconds on the database's clock, without waiting for a disk. */
  Millis?: number | undefined;
  /** The code that it was refused with. */
  Error?: string | undefined;
  /** The text that came with the code, its first 1,000 characters. */
  Message?: string | undefined;
}

/** Answer of DescribeCalls. */
export interface DescribeCallsOutput {
  /** The calls. */
  Calls: TracedCall[];
  /** How many of those after `AfterNumber` were forgotten before this one asked. */
  Missed: number;
}

/**
 * Copies the database, as it is at one moment, into a directory that is made; calls go on meanwhile. The copy opens like any database.
 *
 * Errors: `ValidationException` for a database in memory, or a directory that holds something; `StorageException` when it cannot be
 * written.
 */
export interface BackupInput {
  /** The directory to make. A path that is not absolute begins where the process of the database runs. */
  Directory: string | undefined;
}

/** Answer of Backup. */
export interface BackupOutput {
  /** Size of the copy. */
  Bytes: number;
}

/**
 * Gives the disk back what deleted items and trimmed records have left behind, now and thoroughly.
 *
 * Errors: `ValidationException` for a database in memory.
 */
export type CompactInput = { [name: string]: never };

/** Answer of Compact. */
export interface CompactOutput {
  /** Size of the files before. */
  BytesBefore: number;
  /** Size of the files now. */
  BytesAfter: number;
}

/** Every operation twice: as a promise, and on the spot under a name that ends in `Sync`. */
export interface OperationMethods {
  /**
   * Makes a table.
   *
   * Errors: `ValidationException`, `ResourceInUseException` when the table exists.
   */
  createTable(input: CreateTableInput): Promise<CreateTableOutput>;
  /**
   * Makes a table.
   *
   * Errors: `ValidationException`, `ResourceInUseException` when the table exists.
   */
  createTableSync(input: CreateTableInput): CreateTableOutput;
  /**
   * Describes a table.
   *
   * Errors: `ResourceNotFoundException`.
   */
  describeTable(input: DescribeTableInput): Promise<DescribeTableOutput>;
  /**
   * Describes a table.
   *
   * Errors: `ResourceNotFoundException`.
   */
  describeTableSync(input: DescribeTableInput): DescribeTableOutput;
  /**
   * Changes a table's stream, global indexes, capacity or protection.
   *
   * Errors: `ValidationException`, `ResourceNotFoundException`, `ResourceInUseException` while another change runs,
   * `LimitExceededException` for a second index to create or delete at a time, or one too many.
   */
  updateTable(input: UpdateTableInput): Promise<UpdateTableOutput>;
  /**
   * Changes a table's stream, global indexes, capacity or protection.
   *
   * Errors: `ValidationException`, `ResourceNotFoundException`, `ResourceInUseException` while another change runs,
   * `LimitExceededException` for a second index to create or delete at a time, or one too many.
   */
  updateTableSync(input: UpdateTableInput): UpdateTableOutput;
  /**
   * Deletes a table and its items. Its stream stays readable for 24 hours.
   *
   * Errors: `ResourceNotFoundException`, `ResourceInUseException`, `ValidationException` when protected.
   */
  deleteTable(input: DeleteTableInput): Promise<DeleteTableOutput>;
  /**
   * Deletes a table and its items. Its stream stays readable for 24 hours.
   *
   * Errors: `ResourceNotFoundException`, `ResourceInUseException`, `ValidationException` when protected.
   */
  deleteTableSync(input: DeleteTableInput): DeleteTableOutput;
  /** Lists table names in byte order. */
  listTables(input?: ListTablesInput): Promise<ListTablesOutput>;
  /** Lists table names in byte order. */
  listTablesSync(input?: ListTablesInput): ListTablesOutput;
  /**
   * Turns time to live on or off. An item whose time is over, and was at most five years ago, is deleted by the database; its record is
   * marked as the service's own. A change is refused for 31 minutes after the one before it.
   *
   * Errors: `ValidationException`, `ResourceNotFoundException`, `ResourceInUseException` while the table is created.
   */
  updateTimeToLive(input: UpdateTimeToLiveInput): Promise<UpdateTimeToLiveOutput>;
  /**
   * Turns time to live on or off. An item whose time is over, and was at most five years ago, is deleted by the database; its record is
   * marked as the service's own. A change is refused for 31 minutes after the one before it.
   *
   * Errors: `ValidationException`, `ResourceNotFoundException`, `ResourceInUseException` while the table is created.
   */
  updateTimeToLiveSync(input: UpdateTimeToLiveInput): UpdateTimeToLiveOutput;
  /**
   * Tells whether items of a table expire.
   *
   * Errors: `ResourceNotFoundException`; `ValidationException` while the table is created or deleted.
   */
  describeTimeToLive(input: DescribeTimeToLiveInput): Promise<DescribeTimeToLiveOutput>;
  /**
   * Tells whether items of a table expire.
   *
   * Errors: `ResourceNotFoundException`; `ValidationException` while the table is created or deleted.
   */
  describeTimeToLiveSync(input: DescribeTimeToLiveInput): DescribeTimeToLiveOutput;
  /**
   * Labels a table. Tags of the same name are replaced.
   *
   * Errors: `ValidationException`, also for more than 50 tags, `ResourceNotFoundException`, `AccessDeniedException` for another account's
   * table, `ResourceInUseException` while the table is deleted.
   */
  tagResource(input: TagResourceInput): Promise<TagResourceOutput>;
  /**
   * Labels a table. Tags of the same name are replaced.
   *
   * Errors: `ValidationException`, also for more than 50 tags, `ResourceNotFoundException`, `AccessDeniedException` for another account's
   * table, `ResourceInUseException` while the table is deleted.
   */
  tagResourceSync(input: TagResourceInput): TagResourceOutput;
  /**
   * Takes labels from a table. Names that it does not have are left out.
   *
   * Errors: as TagResource.
   */
  untagResource(input: UntagResourceInput): Promise<UntagResourceOutput>;
  /**
   * Takes labels from a table. Names that it does not have are left out.
   *
   * Errors: as TagResource.
   */
  untagResourceSync(input: UntagResourceInput): UntagResourceOutput;
  /**
   * Lists the labels of a table.
   *
   * Errors: `ValidationException`, `ResourceNotFoundException`, `AccessDeniedException` for another account's table.
   */
  listTagsOfResource(input: ListTagsOfResourceInput): Promise<ListTagsOfResourceOutput>;
  /**
   * Lists the labels of a table.
   *
   * Errors: `ValidationException`, `ResourceNotFoundException`, `AccessDeniedException` for another account's table.
   */
  listTagsOfResourceSync(input: ListTagsOfResourceInput): ListTagsOfResourceOutput;
  /**
   * Keeps a policy for a table or stream. It is kept and answered, not enforced.
   *
   * Errors: `ValidationException`, `ResourceNotFoundException`, `PolicyNotFoundException` when another revision is expected.
   */
  putResourcePolicy(input: PutResourcePolicyInput): Promise<PutResourcePolicyOutput>;
  /**
   * Keeps a policy for a table or stream. It is kept and answered, not enforced.
   *
   * Errors: `ValidationException`, `ResourceNotFoundException`, `PolicyNotFoundException` when another revision is expected.
   */
  putResourcePolicySync(input: PutResourcePolicyInput): PutResourcePolicyOutput;
  /**
   * The policy of a table or stream.
   *
   * Errors: `ValidationException`, `ResourceNotFoundException`, `PolicyNotFoundException` when there is none.
   */
  getResourcePolicy(input: GetResourcePolicyInput): Promise<GetResourcePolicyOutput>;
  /**
   * The policy of a table or stream.
   *
   * Errors: `ValidationException`, `ResourceNotFoundException`, `PolicyNotFoundException` when there is none.
   */
  getResourcePolicySync(input: GetResourcePolicyInput): GetResourcePolicyOutput;
  /**
   * Forgets the policy of a table or stream. Without one, nothing is wrong.
   *
   * Errors: `ValidationException`, `ResourceNotFoundException`, `PolicyNotFoundException` when another revision is expected.
   */
  deleteResourcePolicy(input: DeleteResourcePolicyInput): Promise<DeleteResourcePolicyOutput>;
  /**
   * Forgets the policy of a table or stream. Without one, nothing is wrong.
   *
   * Errors: `ValidationException`, `ResourceNotFoundException`, `PolicyNotFoundException` when another revision is expected.
   */
  deleteResourcePolicySync(input: DeleteResourcePolicyInput): DeleteResourcePolicyOutput;
  /** Tells the quotas of the account: those that the service gives a new one. They are not enforced. */
  describeLimits(input?: DescribeLimitsInput): Promise<DescribeLimitsOutput>;
  /** Tells the quotas of the account: those that the service gives a new one. They are not enforced. */
  describeLimitsSync(input?: DescribeLimitsInput): DescribeLimitsOutput;
  /** Tells where the service of the database's region can be reached. */
  describeEndpoints(input?: DescribeEndpointsRequest): Promise<DescribeEndpointsResponse>;
  /** Tells where the service of the database's region can be reached. */
  describeEndpointsSync(input?: DescribeEndpointsRequest): DescribeEndpointsResponse;
  /**
   * Makes a backup of a table: its items and its keys, as all of them are at the moment of the call. Writers go on meanwhile. It is there until
   * it is deleted, whatever becomes of the table. Its items are copied by and by; until they are, its status is `CREATING`.
   *
   * Errors: `ValidationException`, `TableNotFoundException`.
   */
  createBackup(input: CreateBackupInput): Promise<CreateBackupOutput>;
  /**
   * Makes a backup of a table: its items and its keys, as all of them are at the moment of the call. Writers go on meanwhile. It is there until
   * it is deleted, whatever becomes of the table. Its items are copied by and by; until they are, its status is `CREATING`.
   *
   * Errors: `ValidationException`, `TableNotFoundException`.
   */
  createBackupSync(input: CreateBackupInput): CreateBackupOutput;
  /**
   * Describes a backup.
   *
   * Errors: `ValidationException`, `BackupNotFoundException`, `AccessDeniedException` for one of another account.
   */
  describeBackup(input: DescribeBackupInput): Promise<DescribeBackupOutput>;
  /**
   * Describes a backup.
   *
   * Errors: `ValidationException`, `BackupNotFoundException`, `AccessDeniedException` for one of another account.
   */
  describeBackupSync(input: DescribeBackupInput): DescribeBackupOutput;
  /**
   * Deletes a backup.
   *
   * Errors: `ValidationException`, also for a backup of the service's own, `BackupNotFoundException`, `BackupInUseException` while it is
   * made or restored, `AccessDeniedException` for one of another account.
   */
  deleteBackup(input: DeleteBackupInput): Promise<DeleteBackupOutput>;
  /**
   * Deletes a backup.
   *
   * Errors: `ValidationException`, also for a backup of the service's own, `BackupNotFoundException`, `BackupInUseException` while it is
   * made or restored, `AccessDeniedException` for one of another account.
   */
  deleteBackupSync(input: DeleteBackupInput): DeleteBackupOutput;
  /**
   * Lists backups in the order in which they were made.
   *
   * Errors: `ValidationException`.
   */
  listBackups(input?: ListBackupsInput): Promise<ListBackupsOutput>;
  /**
   * Lists backups in the order in which they were made.
   *
   * Errors: `ValidationException`.
   */
  listBackupsSync(input?: ListBackupsInput): ListBackupsOutput;
  /**
   * Makes a table out of a backup: items, keys, indexes, billing mode, ceilings and encryption. It has no stream, no time to live, no tags, no
   * policy, no protection, and is not restorable to a moment. Until all items are there its status is `CREATING`.
   *
   * Errors: `ValidationException`, `BackupNotFoundException`, `BackupInUseException` while the backup is made or restored to another
   * table, `TableAlreadyExistsException`, `TableInUseException` for a table that is being restored, `AccessDeniedException` for a backup of
   * another account.
   */
  restoreTableFromBackup(input: RestoreTableFromBackupInput): Promise<RestoreTableFromBackupOutput>;
  /**
   * Makes a table out of a backup: items, keys, indexes, billing mode, ceilings and encryption. It has no stream, no time to live, no tags, no
   * policy, no protection, and is not restorable to a moment. Until all items are there its status is `CREATING`.
   *
   * Errors: `ValidationException`, `BackupNotFoundException`, `BackupInUseException` while the backup is made or restored to another
   * table, `TableAlreadyExistsException`, `TableInUseException` for a table that is being restored, `AccessDeniedException` for a backup of
   * another account.
   */
  restoreTableFromBackupSync(input: RestoreTableFromBackupInput): RestoreTableFromBackupOutput;
  /**
   * Makes a table out of what another one was at a moment: its items then; its keys, indexes, billing mode, ceilings and encryption now. What does
   * not come back is as with RestoreTableFromBackup. Until all items are there its status is `CREATING`.
   *
   * Errors: `ValidationException`, `TableNotFoundException`, `PointInTimeRecoveryUnavailableException` for a table that is not restorable,
   * `InvalidRestoreTimeException` for a moment before or after those to which it is, `TableAlreadyExistsException`, `TableInUseException` for a
   * table that is being restored.
   */
  restoreTableToPointInTime(input: RestoreTableToPointInTimeInput): Promise<RestoreTableToPointInTimeOutput>;
  /**
   * Makes a table out of what another one was at a moment: its items then; its keys, indexes, billing mode, ceilings and encryption now. What does
   * not come back is as with RestoreTableFromBackup. Until all items are there its status is `CREATING`.
   *
   * Errors: `ValidationException`, `TableNotFoundException`, `PointInTimeRecoveryUnavailableException` for a table that is not restorable,
   * `InvalidRestoreTimeException` for a moment before or after those to which it is, `TableAlreadyExistsException`, `TableInUseException` for a
   * table that is being restored.
   */
  restoreTableToPointInTimeSync(input: RestoreTableToPointInTimeInput): RestoreTableToPointInTimeOutput;
  /**
   * Writes a table that is restorable to a moment, as it was at one, or what has changed in a time, into a folder of the directory that the
   * option `buckets` names, in the service's layout: `AWSDynamoDB/<id>/manifest-summary.json`, `manifest-files.json`, `data/*.json.gz`. It is
   * written in small steps beside writers, which go on after a restart.
   *
   * Errors: `ValidationException`, also without the option, `TableNotFoundException`, `PointInTimeRecoveryUnavailableException`,
   * `InvalidExportTimeException`, `ExportConflictException` for a token that was used for another request, `AccessDeniedException`.
   */
  exportTableToPointInTime(input: ExportTableToPointInTimeInput): Promise<ExportTableToPointInTimeOutput>;
  /**
   * Writes a table that is restorable to a moment, as it was at one, or what has changed in a time, into a folder of the directory that the
   * option `buckets` names, in the service's layout: `AWSDynamoDB/<id>/manifest-summary.json`, `manifest-files.json`, `data/*.json.gz`. It is
   * written in small steps beside writers, which go on after a restart.
   *
   * Errors: `ValidationException`, also without the option, `TableNotFoundException`, `PointInTimeRecoveryUnavailableException`,
   * `InvalidExportTimeException`, `ExportConflictException` for a token that was used for another request, `AccessDeniedException`.
   */
  exportTableToPointInTimeSync(input: ExportTableToPointInTimeInput): ExportTableToPointInTimeOutput;
  /**
   * Describes an export that began or ended within 90 days.
   *
   * Errors: `ValidationException`, `ExportNotFoundException`, `AccessDeniedException` for one of another account.
   */
  describeExport(input: DescribeExportInput): Promise<DescribeExportOutput>;
  /**
   * Describes an export that began or ended within 90 days.
   *
   * Errors: `ValidationException`, `ExportNotFoundException`, `AccessDeniedException` for one of another account.
   */
  describeExportSync(input: DescribeExportInput): DescribeExportOutput;
  /**
   * Lists exports, the newest first.
   *
   * Errors: `ValidationException`.
   */
  listExports(input?: ListExportsInput): Promise<ListExportsOutput>;
  /**
   * Lists exports, the newest first.
   *
   * Errors: `ValidationException`.
   */
  listExportsSync(input?: ListExportsInput): ListExportsOutput;
  /**
   * Makes a table of files in a folder of the directory that the option `buckets` names: an export's, or any of the formats. The table is there
   * at once, and is `CREATING` until all files are read, in small steps that go on after a restart. A file that is wrong at one place is left
   * there; an item that is wrong is left out; both are counted, and the import then ends as `FAILED`, with all other items in the table.
   *
   * Errors: `ValidationException`, also without the option, `ResourceInUseException` for a table that is there, `LimitExceededException`,
   * `ImportConflictException` for a token that was used for another table.
   */
  importTable(input: ImportTableInput): Promise<ImportTableOutput>;
  /**
   * Makes a table of files in a folder of the directory that the option `buckets` names: an export's, or any of the formats. The table is there
   * at once, and is `CREATING` until all files are read, in small steps that go on after a restart. A file that is wrong at one place is left
   * there; an item that is wrong is left out; both are counted, and the import then ends as `FAILED`, with all other items in the table.
   *
   * Errors: `ValidationException`, also without the option, `ResourceInUseException` for a table that is there, `LimitExceededException`,
   * `ImportConflictException` for a token that was used for another table.
   */
  importTableSync(input: ImportTableInput): ImportTableOutput;
  /**
   * Describes an import that began or ended within 90 days.
   *
   * Errors: `ValidationException`, `ImportNotFoundException`, `AccessDeniedException` for one of another account.
   */
  describeImport(input: DescribeImportInput): Promise<DescribeImportOutput>;
  /**
   * Describes an import that began or ended within 90 days.
   *
   * Errors: `ValidationException`, `ImportNotFoundException`, `AccessDeniedException` for one of another account.
   */
  describeImportSync(input: DescribeImportInput): DescribeImportOutput;
  /**
   * Lists imports, the newest first.
   *
   * Errors: `ValidationException`.
   */
  listImports(input?: ListImportsInput): Promise<ListImportsOutput>;
  /**
   * Lists imports, the newest first.
   *
   * Errors: `ValidationException`.
   */
  listImportsSync(input?: ListImportsInput): ListImportsOutput;
  /**
   * Sets whether a table is to be restorable to a moment of the last days. While it is, what each write replaces is kept for so long, and a day
   * more at most. Turning it off forgets that.
   *
   * Errors: `ValidationException`, `TableNotFoundException`.
   */
  updateContinuousBackups(input: UpdateContinuousBackupsInput): Promise<UpdateContinuousBackupsOutput>;
  /**
   * Sets whether a table is to be restorable to a moment of the last days. While it is, what each write replaces is kept for so long, and a day
   * more at most. Turning it off forgets that.
   *
   * Errors: `ValidationException`, `TableNotFoundException`.
   */
  updateContinuousBackupsSync(input: UpdateContinuousBackupsInput): UpdateContinuousBackupsOutput;
  /**
   * Tells whether a table is set to be restorable to a moment.
   *
   * Errors: `TableNotFoundException`.
   */
  describeContinuousBackups(input: DescribeContinuousBackupsInput): Promise<DescribeContinuousBackupsOutput>;
  /**
   * Tells whether a table is set to be restorable to a moment.
   *
   * Errors: `TableNotFoundException`.
   */
  describeContinuousBackupsSync(input: DescribeContinuousBackupsInput): DescribeContinuousBackupsOutput;
  /**
   * Turns contributor insights of a table or index on or off. The setting is kept; there are no insights.
   *
   * Errors: `ValidationException`, `ResourceNotFoundException`.
   */
  updateContributorInsights(input: UpdateContributorInsightsInput): Promise<UpdateContributorInsightsOutput>;
  /**
   * Turns contributor insights of a table or index on or off. The setting is kept; there are no insights.
   *
   * Errors: `ValidationException`, `ResourceNotFoundException`.
   */
  updateContributorInsightsSync(input: UpdateContributorInsightsInput): UpdateContributorInsightsOutput;
  /**
   * Tells whether contributor insights of a table or index are on.
   *
   * Errors: `ResourceNotFoundException`.
   */
  describeContributorInsights(input: DescribeContributorInsightsInput): Promise<DescribeContributorInsightsOutput>;
  /**
   * Tells whether contributor insights of a table or index are on.
   *
   * Errors: `ResourceNotFoundException`.
   */
  describeContributorInsightsSync(input: DescribeContributorInsightsInput): DescribeContributorInsightsOutput;
  /**
   * Lists the tables and indexes whose contributor insights are not off.
   *
   * Errors: `ResourceNotFoundException`.
   */
  listContributorInsights(input?: ListContributorInsightsInput): Promise<ListContributorInsightsOutput>;
  /**
   * Lists the tables and indexes whose contributor insights are not off.
   *
   * Errors: `ResourceNotFoundException`.
   */
  listContributorInsightsSync(input?: ListContributorInsightsInput): ListContributorInsightsOutput;
  /**
   * Tells which Kinesis data streams a table is or was connected with.
   *
   * Errors: `ResourceNotFoundException`.
   */
  describeKinesisStreamingDestination(input: DescribeKinesisStreamingDestinationInput): Promise<DescribeKinesisStreamingDestinationOutput>;
  /**
   * Tells which Kinesis data streams a table is or was connected with.
   *
   * Errors: `ResourceNotFoundException`.
   */
  describeKinesisStreamingDestinationSync(input: DescribeKinesisStreamingDestinationInput): DescribeKinesisStreamingDestinationOutput;
  /**
   * Connects a table with a Kinesis data stream of this database, which then has each change in the commit that makes it.
   *
   * Errors: `ValidationException` when the destination is not in the state for it, `ResourceNotFoundException`.
   */
  enableKinesisStreamingDestination(input: EnableKinesisStreamingDestinationInput): Promise<EnableKinesisStreamingDestinationOutput>;
  /**
   * Connects a table with a Kinesis data stream of this database, which then has each change in the commit that makes it.
   *
   * Errors: `ValidationException` when the destination is not in the state for it, `ResourceNotFoundException`.
   */
  enableKinesisStreamingDestinationSync(input: EnableKinesisStreamingDestinationInput): EnableKinesisStreamingDestinationOutput;
  /**
   * Ends the connection of a table with a Kinesis data stream. The destination is kept; nothing more is delivered.
   *
   * Errors: `ValidationException` when the destination is not in the state for it, `ResourceNotFoundException`.
   */
  disableKinesisStreamingDestination(input: DisableKinesisStreamingDestinationInput): Promise<DisableKinesisStreamingDestinationOutput>;
  /**
   * Ends the connection of a table with a Kinesis data stream. The destination is kept; nothing more is delivered.
   *
   * Errors: `ValidationException` when the destination is not in the state for it, `ResourceNotFoundException`.
   */
  disableKinesisStreamingDestinationSync(input: DisableKinesisStreamingDestinationInput): DisableKinesisStreamingDestinationOutput;
  /**
   * Changes how records are sent to a Kinesis data stream.
   *
   * Errors: `ValidationException` when the destination is not active or nothing would change, `ResourceNotFoundException`.
   */
  updateKinesisStreamingDestination(input: UpdateKinesisStreamingDestinationInput): Promise<UpdateKinesisStreamingDestinationOutput>;
  /**
   * Changes how records are sent to a Kinesis data stream.
   *
   * Errors: `ValidationException` when the destination is not active or nothing would change, `ResourceNotFoundException`.
   */
  updateKinesisStreamingDestinationSync(input: UpdateKinesisStreamingDestinationInput): UpdateKinesisStreamingDestinationOutput;
  /** Lists the global tables of the version of 2017. There are none. */
  listGlobalTables(input?: ListGlobalTablesInput): Promise<ListGlobalTablesOutput>;
  /** Lists the global tables of the version of 2017. There are none. */
  listGlobalTablesSync(input?: ListGlobalTablesInput): ListGlobalTablesOutput;
  /**
   * Makes a global table of the version of 2017, which the service itself does not make any more.
   *
   * Errors: `ValidationException`, always.
   */
  createGlobalTable(input: CreateGlobalTableInput): Promise<CreateGlobalTableOutput>;
  /**
   * Makes a global table of the version of 2017, which the service itself does not make any more.
   *
   * Errors: `ValidationException`, always.
   */
  createGlobalTableSync(input: CreateGlobalTableInput): CreateGlobalTableOutput;
  /**
   * Changes the regions of a global table of the version of 2017, which the service itself does not do any more.
   *
   * Errors: `ValidationException`, always.
   */
  updateGlobalTable(input: UpdateGlobalTableInput): Promise<UpdateGlobalTableOutput>;
  /**
   * Changes the regions of a global table of the version of 2017, which the service itself does not do any more.
   *
   * Errors: `ValidationException`, always.
   */
  updateGlobalTableSync(input: UpdateGlobalTableInput): UpdateGlobalTableOutput;
  /**
   * Describes a global table of the version of 2017. There are none.
   *
   * Errors: `GlobalTableNotFoundException`, always.
   */
  describeGlobalTable(input: DescribeGlobalTableInput): Promise<DescribeGlobalTableOutput>;
  /**
   * Describes a global table of the version of 2017. There are none.
   *
   * Errors: `GlobalTableNotFoundException`, always.
   */
  describeGlobalTableSync(input: DescribeGlobalTableInput): DescribeGlobalTableOutput;
  /**
   * Describes the settings of a global table of the version of 2017. There are none.
   *
   * Errors: `GlobalTableNotFoundException`, always.
   */
  describeGlobalTableSettings(input: DescribeGlobalTableSettingsInput): Promise<DescribeGlobalTableSettingsOutput>;
  /**
   * Describes the settings of a global table of the version of 2017. There are none.
   *
   * Errors: `GlobalTableNotFoundException`, always.
   */
  describeGlobalTableSettingsSync(input: DescribeGlobalTableSettingsInput): DescribeGlobalTableSettingsOutput;
  /**
   * Changes the settings of a global table of the version of 2017. There are none.
   *
   * Errors: `GlobalTableNotFoundException`, always.
   */
  updateGlobalTableSettings(input: UpdateGlobalTableSettingsInput): Promise<UpdateGlobalTableSettingsOutput>;
  /**
   * Changes the settings of a global table of the version of 2017. There are none.
   *
   * Errors: `GlobalTableNotFoundException`, always.
   */
  updateGlobalTableSettingsSync(input: UpdateGlobalTableSettingsInput): UpdateGlobalTableSettingsOutput;
  /**
   * Describes how the replicas of a table scale. No table has replicas.
   *
   * Errors: `ResourceNotFoundException`, always.
   */
  describeTableReplicaAutoScaling(input: DescribeTableReplicaAutoScalingInput): Promise<DescribeTableReplicaAutoScalingOutput>;
  /**
   * Describes how the replicas of a table scale. No table has replicas.
   *
   * Errors: `ResourceNotFoundException`, always.
   */
  describeTableReplicaAutoScalingSync(input: DescribeTableReplicaAutoScalingInput): DescribeTableReplicaAutoScalingOutput;
  /**
   * Changes how the replicas of a table scale. No table has replicas.
   *
   * Errors: `ResourceNotFoundException`, always.
   */
  updateTableReplicaAutoScaling(input: UpdateTableReplicaAutoScalingInput): Promise<UpdateTableReplicaAutoScalingOutput>;
  /**
   * Changes how the replicas of a table scale. No table has replicas.
   *
   * Errors: `ResourceNotFoundException`, always.
   */
  updateTableReplicaAutoScalingSync(input: UpdateTableReplicaAutoScalingInput): UpdateTableReplicaAutoScalingOutput;
  /**
   * Writes a whole item, replacing the one with the same key.
   *
   * Errors: `ValidationException`, `ResourceNotFoundException`, `ConditionalCheckFailedException`,
   * `ItemCollectionSizeLimitExceededException`.
   */
  putItem(input: PutItemInput): Promise<PutItemOutput>;
  /**
   * Writes a whole item, replacing the one with the same key.
   *
   * Errors: `ValidationException`, `ResourceNotFoundException`, `ConditionalCheckFailedException`,
   * `ItemCollectionSizeLimitExceededException`.
   */
  putItemSync(input: PutItemInput): PutItemOutput;
  /**
   * Reads an item.
   *
   * Errors: `ValidationException`, `ResourceNotFoundException`.
   */
  getItem(input: GetItemInput): Promise<GetItemOutput>;
  /**
   * Reads an item.
   *
   * Errors: `ValidationException`, `ResourceNotFoundException`.
   */
  getItemSync(input: GetItemInput): GetItemOutput;
  /**
   * Changes parts of an item, creating it when absent.
   *
   * Errors: `ValidationException`, `ResourceNotFoundException`, `ConditionalCheckFailedException`,
   * `ItemCollectionSizeLimitExceededException`.
   */
  updateItem(input: UpdateItemInput): Promise<UpdateItemOutput>;
  /**
   * Changes parts of an item, creating it when absent.
   *
   * Errors: `ValidationException`, `ResourceNotFoundException`, `ConditionalCheckFailedException`,
   * `ItemCollectionSizeLimitExceededException`.
   */
  updateItemSync(input: UpdateItemInput): UpdateItemOutput;
  /**
   * Deletes an item. Deleting what is not there is no error.
   *
   * Errors: `ValidationException`, `ResourceNotFoundException`, `ConditionalCheckFailedException`,
   * `ItemCollectionSizeLimitExceededException`.
   */
  deleteItem(input: DeleteItemInput): Promise<DeleteItemOutput>;
  /**
   * Deletes an item. Deleting what is not there is no error.
   *
   * Errors: `ValidationException`, `ResourceNotFoundException`, `ConditionalCheckFailedException`,
   * `ItemCollectionSizeLimitExceededException`.
   */
  deleteItemSync(input: DeleteItemInput): DeleteItemOutput;
  /**
   * Writes and deletes up to 25 items of any tables, at one moment; where tables are throttled, what there is no capacity for is left to another request.
   *
   * Errors: `ValidationException`, `ResourceNotFoundException`, `ItemCollectionSizeLimitExceededException`.
   */
  batchWriteItem(input: BatchWriteItemInput): Promise<BatchWriteItemOutput>;
  /**
   * Writes and deletes up to 25 items of any tables, at one moment; where tables are throttled, what there is no capacity for is left to another request.
   *
   * Errors: `ValidationException`, `ResourceNotFoundException`, `ItemCollectionSizeLimitExceededException`.
   */
  batchWriteItemSync(input: BatchWriteItemInput): BatchWriteItemOutput;
  /**
   * Reads up to 100 items of any tables, and up to 16 MB of them.
   *
   * Errors: `ValidationException`, `ResourceNotFoundException`.
   */
  batchGetItem(input: BatchGetItemInput): Promise<BatchGetItemOutput>;
  /**
   * Reads up to 100 items of any tables, and up to 16 MB of them.
   *
   * Errors: `ValidationException`, `ResourceNotFoundException`.
   */
  batchGetItemSync(input: BatchGetItemInput): BatchGetItemOutput;
  /**
   * Up to 100 writes and conditions on different items of any tables, 4 MB together: all of them happen, at one moment, or none.
   *
   * Errors: `ValidationException`, `ResourceNotFoundException`; `TransactionCanceledException`, whose reasons say which action is
   * the cause; `IdempotentParameterMismatchException`.
   */
  transactWriteItems(input: TransactWriteItemsInput): Promise<TransactWriteItemsOutput>;
  /**
   * Up to 100 writes and conditions on different items of any tables, 4 MB together: all of them happen, at one moment, or none.
   *
   * Errors: `ValidationException`, `ResourceNotFoundException`; `TransactionCanceledException`, whose reasons say which action is
   * the cause; `IdempotentParameterMismatchException`.
   */
  transactWriteItemsSync(input: TransactWriteItemsInput): TransactWriteItemsOutput;
  /**
   * Reads up to 100 different items of any tables, 4 MB together, as all of them are at one moment.
   *
   * Errors: `ValidationException`, `ResourceNotFoundException`, `TransactionCanceledException`.
   */
  transactGetItems(input: TransactGetItemsInput): Promise<TransactGetItemsOutput>;
  /**
   * Reads up to 100 different items of any tables, 4 MB together, as all of them are at one moment.
   *
   * Errors: `ValidationException`, `ResourceNotFoundException`, `TransactionCanceledException`.
   */
  transactGetItemsSync(input: TransactGetItemsInput): TransactGetItemsOutput;
  /**
   * Reads the items of one partition key, of the table or of an index, in sort-key order.
   *
   * Errors: `ValidationException`, `ResourceNotFoundException`.
   */
  query(input: QueryInput): Promise<QueryOutput>;
  /**
   * Reads the items of one partition key, of the table or of an index, in sort-key order.
   *
   * Errors: `ValidationException`, `ResourceNotFoundException`.
   */
  querySync(input: QueryInput): QueryOutput;
  /**
   * Reads all items of a table or an index, or of one segment of it.
   *
   * Errors: `ValidationException`, `ResourceNotFoundException`.
   */
  scan(input: ScanInput): Promise<ScanOutput>;
  /**
   * Reads all items of a table or an index, or of one segment of it.
   *
   * Errors: `ValidationException`, `ResourceNotFoundException`.
   */
  scanSync(input: ScanInput): ScanOutput;
  /**
   * Runs a statement of PartiQL: reads items, or writes one.
   *
   * Errors: `ValidationException`, `ResourceNotFoundException`, `ConditionalCheckFailedException`, `DuplicateItemException`,
   * `ItemCollectionSizeLimitExceededException`.
   */
  executeStatement(input: ExecuteStatementInput): Promise<ExecuteStatementOutput>;
  /**
   * Runs a statement of PartiQL: reads items, or writes one.
   *
   * Errors: `ValidationException`, `ResourceNotFoundException`, `ConditionalCheckFailedException`, `DuplicateItemException`,
   * `ItemCollectionSizeLimitExceededException`.
   */
  executeStatementSync(input: ExecuteStatementInput): ExecuteStatementOutput;
  /**
   * Runs up to 25 statements, each for itself: all reads, or all writes.
   *
   * Errors: `ValidationException`. What is wrong with one statement is told in its answer.
   */
  batchExecuteStatement(input: BatchExecuteStatementInput): Promise<BatchExecuteStatementOutput>;
  /**
   * Runs up to 25 statements, each for itself: all reads, or all writes.
   *
   * Errors: `ValidationException`. What is wrong with one statement is told in its answer.
   */
  batchExecuteStatementSync(input: BatchExecuteStatementInput): BatchExecuteStatementOutput;
  /**
   * Runs up to 100 statements on different items together: all reads, which see one moment, or all writes, all or nothing.
   *
   * Errors: `ValidationException`, `TransactionCanceledException`, `IdempotentParameterMismatchException`.
   */
  executeTransaction(input: ExecuteTransactionInput): Promise<ExecuteTransactionOutput>;
  /**
   * Runs up to 100 statements on different items together: all reads, which see one moment, or all writes, all or nothing.
   *
   * Errors: `ValidationException`, `TransactionCanceledException`, `IdempotentParameterMismatchException`.
   */
  executeTransactionSync(input: ExecuteTransactionInput): ExecuteTransactionOutput;
  /** Lists streams, live and closed, by table name and label. */
  listStreams(input?: ListStreamsInput): Promise<ListStreamsOutput>;
  /** Lists streams, live and closed, by table name and label. */
  listStreamsSync(input?: ListStreamsInput): ListStreamsOutput;
  /**
   * Describes a stream and its shards.
   *
   * Errors: `ValidationException`, `ResourceNotFoundException`.
   */
  describeStream(input: DescribeStreamInput): Promise<DescribeStreamOutput>;
  /**
   * Describes a stream and its shards.
   *
   * Errors: `ValidationException`, `ResourceNotFoundException`.
   */
  describeStreamSync(input: DescribeStreamInput): DescribeStreamOutput;
  /**
   * Issues an iterator, good for 15 minutes.
   *
   * Errors: `ValidationException`, `ResourceNotFoundException`, `TrimmedDataAccessException`.
   */
  getShardIterator(input: GetShardIteratorInput): Promise<GetShardIteratorOutput>;
  /**
   * Issues an iterator, good for 15 minutes.
   *
   * Errors: `ValidationException`, `ResourceNotFoundException`, `TrimmedDataAccessException`.
   */
  getShardIteratorSync(input: GetShardIteratorInput): GetShardIteratorOutput;
  /**
   * Reads records from an iterator on.
   *
   * Errors: `ValidationException`, `ResourceNotFoundException`, `ExpiredIteratorException`, `TrimmedDataAccessException`.
   */
  getRecords(input: GetRecordsInput): Promise<GetRecordsOutput>;
  /**
   * Reads records from an iterator on.
   *
   * Errors: `ValidationException`, `ResourceNotFoundException`, `ExpiredIteratorException`, `TrimmedDataAccessException`.
   */
  getRecordsSync(input: GetRecordsInput): GetRecordsOutput;
  /** Makes a data stream. Errors: `ResourceInUseException` for a name that is taken, `LimitExceededException`, `InvalidArgumentException`. */
  kinesisCreateStream(input: KinesisCreateStreamInput): Promise<KinesisCreateStreamOutput>;
  /** Makes a data stream. Errors: `ResourceInUseException` for a name that is taken, `LimitExceededException`, `InvalidArgumentException`. */
  kinesisCreateStreamSync(input: KinesisCreateStreamInput): KinesisCreateStreamOutput;
  /**
   * Removes a data stream and its records.
   *
   * Errors: `ResourceNotFoundException`, `InvalidArgumentException`.
   */
  kinesisDeleteStream(input?: KinesisDeleteStreamInput): Promise<KinesisDeleteStreamOutput>;
  /**
   * Removes a data stream and its records.
   *
   * Errors: `ResourceNotFoundException`, `InvalidArgumentException`.
   */
  kinesisDeleteStreamSync(input?: KinesisDeleteStreamInput): KinesisDeleteStreamOutput;
  /**
   * Describes a data stream and its shards.
   *
   * Errors: `ResourceNotFoundException`, `InvalidArgumentException`.
   */
  kinesisDescribeStream(input?: KinesisDescribeStreamInput): Promise<KinesisDescribeStreamOutput>;
  /**
   * Describes a data stream and its shards.
   *
   * Errors: `ResourceNotFoundException`, `InvalidArgumentException`.
   */
  kinesisDescribeStreamSync(input?: KinesisDescribeStreamInput): KinesisDescribeStreamOutput;
  /**
   * Describes a data stream without its shards.
   *
   * Errors: `ResourceNotFoundException`, `InvalidArgumentException`.
   */
  kinesisDescribeStreamSummary(input?: KinesisDescribeStreamSummaryInput): Promise<KinesisDescribeStreamSummaryOutput>;
  /**
   * Describes a data stream without its shards.
   *
   * Errors: `ResourceNotFoundException`, `InvalidArgumentException`.
   */
  kinesisDescribeStreamSummarySync(input?: KinesisDescribeStreamSummaryInput): KinesisDescribeStreamSummaryOutput;
  /**
   * Lists data streams by name.
   *
   * Errors: `InvalidArgumentException`, `ExpiredNextTokenException`.
   */
  kinesisListStreams(input?: KinesisListStreamsInput): Promise<KinesisListStreamsOutput>;
  /**
   * Lists data streams by name.
   *
   * Errors: `InvalidArgumentException`, `ExpiredNextTokenException`.
   */
  kinesisListStreamsSync(input?: KinesisListStreamsInput): KinesisListStreamsOutput;
  /**
   * Lists the shards of a data stream.
   *
   * Errors: `ResourceNotFoundException`, `ResourceInUseException`, `InvalidArgumentException`, `ExpiredNextTokenException`.
   */
  kinesisListShards(input?: KinesisListShardsInput): Promise<KinesisListShardsOutput>;
  /**
   * Lists the shards of a data stream.
   *
   * Errors: `ResourceNotFoundException`, `ResourceInUseException`, `InvalidArgumentException`, `ExpiredNextTokenException`.
   */
  kinesisListShardsSync(input?: KinesisListShardsInput): KinesisListShardsOutput;
  /**
   * Splits an open shard at a hash key: it closes, and two shards open.
   *
   * Errors: `ResourceNotFoundException`, `ResourceInUseException`, `InvalidArgumentException`, `LimitExceededException`.
   */
  kinesisSplitShard(input: KinesisSplitShardInput): Promise<KinesisSplitShardOutput>;
  /**
   * Splits an open shard at a hash key: it closes, and two shards open.
   *
   * Errors: `ResourceNotFoundException`, `ResourceInUseException`, `InvalidArgumentException`, `LimitExceededException`.
   */
  kinesisSplitShardSync(input: KinesisSplitShardInput): KinesisSplitShardOutput;
  /**
   * Merges two open shards whose hash keys meet: they close, and one shard opens.
   *
   * Errors: `ResourceNotFoundException`, `ResourceInUseException`, `InvalidArgumentException`.
   */
  kinesisMergeShards(input: KinesisMergeShardsInput): Promise<KinesisMergeShardsOutput>;
  /**
   * Merges two open shards whose hash keys meet: they close, and one shard opens.
   *
   * Errors: `ResourceNotFoundException`, `ResourceInUseException`, `InvalidArgumentException`.
   */
  kinesisMergeShardsSync(input: KinesisMergeShardsInput): KinesisMergeShardsOutput;
  /**
   * Brings a stream to a number of shards of one width: open ones close, and so many open.
   *
   * Errors: `ResourceNotFoundException`, `ResourceInUseException`, `InvalidArgumentException`, `LimitExceededException`.
   */
  kinesisUpdateShardCount(input: KinesisUpdateShardCountInput): Promise<KinesisUpdateShardCountOutput>;
  /**
   * Brings a stream to a number of shards of one width: open ones close, and so many open.
   *
   * Errors: `ResourceNotFoundException`, `ResourceInUseException`, `InvalidArgumentException`, `LimitExceededException`.
   */
  kinesisUpdateShardCountSync(input: KinesisUpdateShardCountInput): KinesisUpdateShardCountOutput;
  /**
   * Keeps the records of a stream longer, those that are there included.
   *
   * Errors: `ResourceNotFoundException`, `ResourceInUseException`, `InvalidArgumentException`.
   */
  kinesisIncreaseStreamRetentionPeriod(input: KinesisIncreaseStreamRetentionPeriodInput): Promise<KinesisIncreaseStreamRetentionPeriodOutput>;
  /**
   * Keeps the records of a stream longer, those that are there included.
   *
   * Errors: `ResourceNotFoundException`, `ResourceInUseException`, `InvalidArgumentException`.
   */
  kinesisIncreaseStreamRetentionPeriodSync(input: KinesisIncreaseStreamRetentionPeriodInput): KinesisIncreaseStreamRetentionPeriodOutput;
  /**
   * Keeps the records of a stream less long, at once.
   *
   * Errors: `ResourceNotFoundException`, `ResourceInUseException`, `InvalidArgumentException`.
   */
  kinesisDecreaseStreamRetentionPeriod(input: KinesisDecreaseStreamRetentionPeriodInput): Promise<KinesisDecreaseStreamRetentionPeriodOutput>;
  /**
   * Keeps the records of a stream less long, at once.
   *
   * Errors: `ResourceNotFoundException`, `ResourceInUseException`, `InvalidArgumentException`.
   */
  kinesisDecreaseStreamRetentionPeriodSync(input: KinesisDecreaseStreamRetentionPeriodInput): KinesisDecreaseStreamRetentionPeriodOutput;
  /**
   * Changes who looks after the number of shards.
   *
   * Errors: `ResourceNotFoundException`, `ResourceInUseException`, `InvalidArgumentException`.
   */
  kinesisUpdateStreamMode(input: KinesisUpdateStreamModeInput): Promise<KinesisUpdateStreamModeOutput>;
  /**
   * Changes who looks after the number of shards.
   *
   * Errors: `ResourceNotFoundException`, `ResourceInUseException`, `InvalidArgumentException`.
   */
  kinesisUpdateStreamModeSync(input: KinesisUpdateStreamModeInput): KinesisUpdateStreamModeOutput;
  /**
   * Puts a record into a data stream.
   *
   * Errors: `ResourceNotFoundException`, `InvalidArgumentException`, `ProvisionedThroughputExceededException`.
   */
  kinesisPutRecord(input: KinesisPutRecordInput): Promise<KinesisPutRecordOutput>;
  /**
   * Puts a record into a data stream.
   *
   * Errors: `ResourceNotFoundException`, `InvalidArgumentException`, `ProvisionedThroughputExceededException`.
   */
  kinesisPutRecordSync(input: KinesisPutRecordInput): KinesisPutRecordOutput;
  /**
   * Puts up to 500 records into a data stream.
   *
   * Errors: `ResourceNotFoundException`, `InvalidArgumentException`, `ProvisionedThroughputExceededException`.
   */
  kinesisPutRecords(input: KinesisPutRecordsInput): Promise<KinesisPutRecordsOutput>;
  /**
   * Puts up to 500 records into a data stream.
   *
   * Errors: `ResourceNotFoundException`, `InvalidArgumentException`, `ProvisionedThroughputExceededException`.
   */
  kinesisPutRecordsSync(input: KinesisPutRecordsInput): KinesisPutRecordsOutput;
  /**
   * Issues an iterator, good for 5 minutes.
   *
   * Errors: `ResourceNotFoundException`, `InvalidArgumentException`.
   */
  kinesisGetShardIterator(input: KinesisGetShardIteratorInput): Promise<KinesisGetShardIteratorOutput>;
  /**
   * Issues an iterator, good for 5 minutes.
   *
   * Errors: `ResourceNotFoundException`, `InvalidArgumentException`.
   */
  kinesisGetShardIteratorSync(input: KinesisGetShardIteratorInput): KinesisGetShardIteratorOutput;
  /**
   * Reads records from an iterator on: at most 10,000 and 10 MiB.
   *
   * Errors: `ResourceNotFoundException`, `InvalidArgumentException`, `ExpiredIteratorException`, `ProvisionedThroughputExceededException`.
   */
  kinesisGetRecords(input: KinesisGetRecordsInput): Promise<KinesisGetRecordsOutput>;
  /**
   * Reads records from an iterator on: at most 10,000 and 10 MiB.
   *
   * Errors: `ResourceNotFoundException`, `InvalidArgumentException`, `ExpiredIteratorException`, `ProvisionedThroughputExceededException`.
   */
  kinesisGetRecordsSync(input: KinesisGetRecordsInput): KinesisGetRecordsOutput;
  /**
   * Tags a data stream; tags of these names are replaced.
   *
   * Errors: `ResourceNotFoundException`, `InvalidArgumentException`.
   */
  kinesisAddTagsToStream(input: KinesisAddTagsToStreamInput): Promise<KinesisAddTagsToStreamOutput>;
  /**
   * Tags a data stream; tags of these names are replaced.
   *
   * Errors: `ResourceNotFoundException`, `InvalidArgumentException`.
   */
  kinesisAddTagsToStreamSync(input: KinesisAddTagsToStreamInput): KinesisAddTagsToStreamOutput;
  /**
   * Takes tags away.
   *
   * Errors: `ResourceNotFoundException`, `InvalidArgumentException`.
   */
  kinesisRemoveTagsFromStream(input: KinesisRemoveTagsFromStreamInput): Promise<KinesisRemoveTagsFromStreamOutput>;
  /**
   * Takes tags away.
   *
   * Errors: `ResourceNotFoundException`, `InvalidArgumentException`.
   */
  kinesisRemoveTagsFromStreamSync(input: KinesisRemoveTagsFromStreamInput): KinesisRemoveTagsFromStreamOutput;
  /**
   * Lists the tags of a data stream by name.
   *
   * Errors: `ResourceNotFoundException`, `InvalidArgumentException`.
   */
  kinesisListTagsForStream(input?: KinesisListTagsForStreamInput): Promise<KinesisListTagsForStreamOutput>;
  /**
   * Lists the tags of a data stream by name.
   *
   * Errors: `ResourceNotFoundException`, `InvalidArgumentException`.
   */
  kinesisListTagsForStreamSync(input?: KinesisListTagsForStreamInput): KinesisListTagsForStreamOutput;
  /**
   * Tags a data stream by its ARN.
   *
   * Errors: `ResourceNotFoundException`, `InvalidArgumentException`.
   */
  kinesisTagResource(input: KinesisTagResourceInput): Promise<KinesisTagResourceOutput>;
  /**
   * Tags a data stream by its ARN.
   *
   * Errors: `ResourceNotFoundException`, `InvalidArgumentException`.
   */
  kinesisTagResourceSync(input: KinesisTagResourceInput): KinesisTagResourceOutput;
  /**
   * Takes tags away from a data stream by its ARN.
   *
   * Errors: `ResourceNotFoundException`, `InvalidArgumentException`.
   */
  kinesisUntagResource(input: KinesisUntagResourceInput): Promise<KinesisUntagResourceOutput>;
  /**
   * Takes tags away from a data stream by its ARN.
   *
   * Errors: `ResourceNotFoundException`, `InvalidArgumentException`.
   */
  kinesisUntagResourceSync(input: KinesisUntagResourceInput): KinesisUntagResourceOutput;
  /**
   * Lists the tags of a data stream by its ARN.
   *
   * Errors: `ResourceNotFoundException`, `InvalidArgumentException`.
   */
  kinesisListTagsForResource(input: KinesisListTagsForResourceInput): Promise<KinesisListTagsForResourceOutput>;
  /**
   * Lists the tags of a data stream by its ARN.
   *
   * Errors: `ResourceNotFoundException`, `InvalidArgumentException`.
   */
  kinesisListTagsForResourceSync(input: KinesisListTagsForResourceInput): KinesisListTagsForResourceOutput;
  /** Tells the limits of the account and what is used of them. */
  kinesisDescribeLimits(input?: KinesisDescribeLimitsInput): Promise<KinesisDescribeLimitsOutput>;
  /** Tells the limits of the account and what is used of them. */
  kinesisDescribeLimitsSync(input?: KinesisDescribeLimitsInput): KinesisDescribeLimitsOutput;
  /**
   * Hands the records of a stream to a function, in batches.
   *
   * Errors: `InvalidParameterValueException`, `ResourceConflictException` for a mapping of the same stream and function.
   */
  createEventSourceMapping(input: CreateEventSourceMappingInput): Promise<EventSourceMappingConfiguration>;
  /**
   * Hands the records of a stream to a function, in batches.
   *
   * Errors: `InvalidParameterValueException`, `ResourceConflictException` for a mapping of the same stream and function.
   */
  createEventSourceMappingSync(input: CreateEventSourceMappingInput): EventSourceMappingConfiguration;
  /**
   * Tells of a mapping.
   *
   * Errors: `ResourceNotFoundException`.
   */
  getEventSourceMapping(input: GetEventSourceMappingInput): Promise<EventSourceMappingConfiguration>;
  /**
   * Tells of a mapping.
   *
   * Errors: `ResourceNotFoundException`.
   */
  getEventSourceMappingSync(input: GetEventSourceMappingInput): EventSourceMappingConfiguration;
  /** Lists mappings in the order in which they were made, a hundred at a time at most. */
  listEventSourceMappings(input?: ListEventSourceMappingsInput): Promise<ListEventSourceMappingsOutput>;
  /** Lists mappings in the order in which they were made, a hundred at a time at most. */
  listEventSourceMappingsSync(input?: ListEventSourceMappingsInput): ListEventSourceMappingsOutput;
  /**
   * Changes a mapping. What is absent stays as it is.
   *
   * Errors: `ResourceNotFoundException`, `ResourceInUseException` while another change is under way, `InvalidParameterValueException`,
   * `ResourceConflictException`.
   */
  updateEventSourceMapping(input: UpdateEventSourceMappingInput): Promise<EventSourceMappingConfiguration>;
  /**
   * Changes a mapping. What is absent stays as it is.
   *
   * Errors: `ResourceNotFoundException`, `ResourceInUseException` while another change is under way, `InvalidParameterValueException`,
   * `ResourceConflictException`.
   */
  updateEventSourceMappingSync(input: UpdateEventSourceMappingInput): EventSourceMappingConfiguration;
  /**
   * Removes a mapping.
   *
   * Errors: `ResourceNotFoundException`, `ResourceInUseException` while another change is under way.
   */
  deleteEventSourceMapping(input: DeleteEventSourceMappingInput): Promise<EventSourceMappingConfiguration>;
  /**
   * Removes a mapping.
   *
   * Errors: `ResourceNotFoundException`, `ResourceInUseException` while another change is under way.
   */
  deleteEventSourceMappingSync(input: DeleteEventSourceMappingInput): EventSourceMappingConfiguration;
  /** Tells of a function. Errors: `ResourceNotFoundException`, `InvalidParameterValueException`. */
  lambdaGetFunctionConfiguration(input: LambdaGetFunctionConfigurationInput): Promise<LambdaFunctionConfiguration>;
  /** Tells of a function. Errors: `ResourceNotFoundException`, `InvalidParameterValueException`. */
  lambdaGetFunctionConfigurationSync(input: LambdaGetFunctionConfigurationInput): LambdaFunctionConfiguration;
  /**
   * Tags a mapping; tags of these names are replaced.
   *
   * Errors: `ResourceNotFoundException`, `InvalidParameterValueException`.
   */
  lambdaTagResource(input: LambdaTagResourceInput): Promise<LambdaTagResourceOutput>;
  /**
   * Tags a mapping; tags of these names are replaced.
   *
   * Errors: `ResourceNotFoundException`, `InvalidParameterValueException`.
   */
  lambdaTagResourceSync(input: LambdaTagResourceInput): LambdaTagResourceOutput;
  /**
   * Takes tags away from a mapping.
   *
   * Errors: `ResourceNotFoundException`.
   */
  lambdaUntagResource(input: LambdaUntagResourceInput): Promise<LambdaUntagResourceOutput>;
  /**
   * Takes tags away from a mapping.
   *
   * Errors: `ResourceNotFoundException`.
   */
  lambdaUntagResourceSync(input: LambdaUntagResourceInput): LambdaUntagResourceOutput;
  /**
   * Lists the tags of a mapping.
   *
   * Errors: `ResourceNotFoundException`.
   */
  lambdaListTags(input: LambdaListTagsInput): Promise<LambdaListTagsOutput>;
  /**
   * Lists the tags of a mapping.
   *
   * Errors: `ResourceNotFoundException`.
   */
  lambdaListTagsSync(input: LambdaListTagsInput): LambdaListTagsOutput;
  /**
   * Makes a queue; one that is there with the same attributes is answered.
   *
   * Errors: `QueueNameExists`, `InvalidAttributeName`, `InvalidAttributeValue`, `InvalidParameterValueException`.
   */
  sqsCreateQueue(input: SqsCreateQueueInput): Promise<SqsCreateQueueOutput>;
  /**
   * Makes a queue; one that is there with the same attributes is answered.
   *
   * Errors: `QueueNameExists`, `InvalidAttributeName`, `InvalidAttributeValue`, `InvalidParameterValueException`.
   */
  sqsCreateQueueSync(input: SqsCreateQueueInput): SqsCreateQueueOutput;
  /** Tells how a queue is named. Errors: `QueueDoesNotExist`. */
  sqsGetQueueUrl(input: SqsGetQueueUrlInput): Promise<SqsGetQueueUrlOutput>;
  /** Tells how a queue is named. Errors: `QueueDoesNotExist`. */
  sqsGetQueueUrlSync(input: SqsGetQueueUrlInput): SqsGetQueueUrlOutput;
  /** Tells what a queue is set to, and how many messages it has. Errors: `QueueDoesNotExist`, `InvalidAttributeName`. */
  sqsGetQueueAttributes(input: SqsGetQueueAttributesInput): Promise<SqsGetQueueAttributesOutput>;
  /** Tells what a queue is set to, and how many messages it has. Errors: `QueueDoesNotExist`, `InvalidAttributeName`. */
  sqsGetQueueAttributesSync(input: SqsGetQueueAttributesInput): SqsGetQueueAttributesOutput;
  /** Sets a queue otherwise. Errors: `QueueDoesNotExist`, `InvalidAttributeName`, `InvalidAttributeValue`. */
  sqsSetQueueAttributes(input: SqsSetQueueAttributesInput): Promise<SqsSetQueueAttributesOutput>;
  /** Sets a queue otherwise. Errors: `QueueDoesNotExist`, `InvalidAttributeName`, `InvalidAttributeValue`. */
  sqsSetQueueAttributesSync(input: SqsSetQueueAttributesInput): SqsSetQueueAttributesOutput;
  /**
   * Lists queues, in order of their names.
   *
   * Errors: `InvalidParameterValueException`.
   */
  sqsListQueues(input?: SqsListQueuesInput): Promise<SqsListQueuesOutput>;
  /**
   * Lists queues, in order of their names.
   *
   * Errors: `InvalidParameterValueException`.
   */
  sqsListQueuesSync(input?: SqsListQueuesInput): SqsListQueuesOutput;
  /** Removes a queue and its messages. Errors: `QueueDoesNotExist`. */
  sqsDeleteQueue(input: SqsDeleteQueueInput): Promise<SqsDeleteQueueOutput>;
  /** Removes a queue and its messages. Errors: `QueueDoesNotExist`. */
  sqsDeleteQueueSync(input: SqsDeleteQueueInput): SqsDeleteQueueOutput;
  /** Removes all messages of a queue. Errors: `QueueDoesNotExist`. */
  sqsPurgeQueue(input: SqsPurgeQueueInput): Promise<SqsPurgeQueueOutput>;
  /** Removes all messages of a queue. Errors: `QueueDoesNotExist`. */
  sqsPurgeQueueSync(input: SqsPurgeQueueInput): SqsPurgeQueueOutput;
  /**
   * Sends a message.
   *
   * Errors: `QueueDoesNotExist`, `InvalidMessageContents`, `InvalidParameterValueException`.
   */
  sqsSendMessage(input: SqsSendMessageInput): Promise<SqsSendMessageOutput>;
  /**
   * Sends a message.
   *
   * Errors: `QueueDoesNotExist`, `InvalidMessageContents`, `InvalidParameterValueException`.
   */
  sqsSendMessageSync(input: SqsSendMessageInput): SqsSendMessageOutput;
  /**
   * Sends up to 10 messages.
   *
   * Errors: `QueueDoesNotExist`, `EmptyBatchRequest`, `TooManyEntriesInBatchRequest`, `BatchEntryIdsNotDistinct`, `InvalidBatchEntryId`,
   * `BatchRequestTooLong`.
   */
  sqsSendMessageBatch(input: SqsSendMessageBatchInput): Promise<SqsSendMessageBatchOutput>;
  /**
   * Sends up to 10 messages.
   *
   * Errors: `QueueDoesNotExist`, `EmptyBatchRequest`, `TooManyEntriesInBatchRequest`, `BatchEntryIdsNotDistinct`, `InvalidBatchEntryId`,
   * `BatchRequestTooLong`.
   */
  sqsSendMessageBatchSync(input: SqsSendMessageBatchInput): SqsSendMessageBatchOutput;
  /**
   * Receives messages, which others are then not given for a time. Answers at once, whatever `WaitTimeSeconds` says.
   *
   * Errors: `QueueDoesNotExist`, `InvalidParameterValueException`.
   */
  sqsReceiveMessage(input: SqsReceiveMessageInput): Promise<SqsReceiveMessageOutput>;
  /**
   * Receives messages, which others are then not given for a time. Answers at once, whatever `WaitTimeSeconds` says.
   *
   * Errors: `QueueDoesNotExist`, `InvalidParameterValueException`.
   */
  sqsReceiveMessageSync(input: SqsReceiveMessageInput): SqsReceiveMessageOutput;
  /** Removes a message. Errors: `QueueDoesNotExist`, `ReceiptHandleIsInvalid`. */
  sqsDeleteMessage(input: SqsDeleteMessageInput): Promise<SqsDeleteMessageOutput>;
  /** Removes a message. Errors: `QueueDoesNotExist`, `ReceiptHandleIsInvalid`. */
  sqsDeleteMessageSync(input: SqsDeleteMessageInput): SqsDeleteMessageOutput;
  /**
   * Removes up to 10 messages.
   *
   * Errors: `QueueDoesNotExist`, `EmptyBatchRequest`, `TooManyEntriesInBatchRequest`, `BatchEntryIdsNotDistinct`, `InvalidBatchEntryId`.
   */
  sqsDeleteMessageBatch(input: SqsDeleteMessageBatchInput): Promise<SqsDeleteMessageBatchOutput>;
  /**
   * Removes up to 10 messages.
   *
   * Errors: `QueueDoesNotExist`, `EmptyBatchRequest`, `TooManyEntriesInBatchRequest`, `BatchEntryIdsNotDistinct`, `InvalidBatchEntryId`.
   */
  sqsDeleteMessageBatchSync(input: SqsDeleteMessageBatchInput): SqsDeleteMessageBatchOutput;
  /**
   * Says anew for how long nobody else is given a message, from now on.
   *
   * Errors: `QueueDoesNotExist`, `ReceiptHandleIsInvalid`, `MessageNotInflight`, `InvalidParameterValueException`.
   */
  sqsChangeMessageVisibility(input: SqsChangeMessageVisibilityInput): Promise<SqsChangeMessageVisibilityOutput>;
  /**
   * Says anew for how long nobody else is given a message, from now on.
   *
   * Errors: `QueueDoesNotExist`, `ReceiptHandleIsInvalid`, `MessageNotInflight`, `InvalidParameterValueException`.
   */
  sqsChangeMessageVisibilitySync(input: SqsChangeMessageVisibilityInput): SqsChangeMessageVisibilityOutput;
  /**
   * As ChangeMessageVisibility, of up to 10 messages.
   *
   * Errors: `QueueDoesNotExist`, `EmptyBatchRequest`, `TooManyEntriesInBatchRequest`, `BatchEntryIdsNotDistinct`, `InvalidBatchEntryId`.
   */
  sqsChangeMessageVisibilityBatch(input: SqsChangeMessageVisibilityBatchInput): Promise<SqsChangeMessageVisibilityBatchOutput>;
  /**
   * As ChangeMessageVisibility, of up to 10 messages.
   *
   * Errors: `QueueDoesNotExist`, `EmptyBatchRequest`, `TooManyEntriesInBatchRequest`, `BatchEntryIdsNotDistinct`, `InvalidBatchEntryId`.
   */
  sqsChangeMessageVisibilityBatchSync(input: SqsChangeMessageVisibilityBatchInput): SqsChangeMessageVisibilityBatchOutput;
  /**
   * Makes a bucket.
   *
   * Errors: `InvalidBucketName`, `BucketAlreadyOwnedByYou`.
   */
  s3CreateBucket(input: S3CreateBucketInput): Promise<S3CreateBucketOutput>;
  /**
   * Makes a bucket.
   *
   * Errors: `InvalidBucketName`, `BucketAlreadyOwnedByYou`.
   */
  s3CreateBucketSync(input: S3CreateBucketInput): S3CreateBucketOutput;
  /** Lists the buckets, in order of their names. */
  s3ListBuckets(input?: S3ListBucketsInput): Promise<S3ListBucketsOutput>;
  /** Lists the buckets, in order of their names. */
  s3ListBucketsSync(input?: S3ListBucketsInput): S3ListBucketsOutput;
  /** Tells whether there is a bucket. Errors: `NoSuchBucket`. */
  s3HeadBucket(input: S3HeadBucketInput): Promise<S3HeadBucketOutput>;
  /** Tells whether there is a bucket. Errors: `NoSuchBucket`. */
  s3HeadBucketSync(input: S3HeadBucketInput): S3HeadBucketOutput;
  /** Removes a bucket, which must be empty. Errors: `NoSuchBucket`, `BucketNotEmpty`. */
  s3DeleteBucket(input: S3DeleteBucketInput): Promise<S3DeleteBucketOutput>;
  /** Removes a bucket, which must be empty. Errors: `NoSuchBucket`, `BucketNotEmpty`. */
  s3DeleteBucketSync(input: S3DeleteBucketInput): S3DeleteBucketOutput;
  /**
   * Writes an object, in place of one of the same key.
   *
   * Errors: `NoSuchBucket`, `EntityTooLarge`, `KeyTooLongError`, `InvalidArgumentException`.
   */
  s3PutObject(input: S3PutObjectInput): Promise<S3PutObjectOutput>;
  /**
   * Writes an object, in place of one of the same key.
   *
   * Errors: `NoSuchBucket`, `EntityTooLarge`, `KeyTooLongError`, `InvalidArgumentException`.
   */
  s3PutObjectSync(input: S3PutObjectInput): S3PutObjectOutput;
  /** Reads an object. Errors: `NoSuchBucket`, `NoSuchKey`. */
  s3GetObject(input: S3GetObjectInput): Promise<S3GetObjectOutput>;
  /** Reads an object. Errors: `NoSuchBucket`, `NoSuchKey`. */
  s3GetObjectSync(input: S3GetObjectInput): S3GetObjectOutput;
  /** As GetObject, without what it holds. Errors: `NoSuchBucket`, `NoSuchKey`. */
  s3HeadObject(input: S3HeadObjectInput): Promise<S3HeadObjectOutput>;
  /** As GetObject, without what it holds. Errors: `NoSuchBucket`, `NoSuchKey`. */
  s3HeadObjectSync(input: S3HeadObjectInput): S3HeadObjectOutput;
  /** Removes an object; nothing where there is none. Errors: `NoSuchBucket`. */
  s3DeleteObject(input: S3DeleteObjectInput): Promise<S3DeleteObjectOutput>;
  /** Removes an object; nothing where there is none. Errors: `NoSuchBucket`. */
  s3DeleteObjectSync(input: S3DeleteObjectInput): S3DeleteObjectOutput;
  /**
   * Lists objects, in the order of the bytes of their keys.
   *
   * Errors: `NoSuchBucket`, `InvalidArgumentException`.
   */
  s3ListObjectsV2(input: S3ListObjectsV2Input): Promise<S3ListObjectsV2Output>;
  /**
   * Lists objects, in the order of the bytes of their keys.
   *
   * Errors: `NoSuchBucket`, `InvalidArgumentException`.
   */
  s3ListObjectsV2Sync(input: S3ListObjectsV2Input): S3ListObjectsV2Output;
  /**
   * Makes a topic; one that is there with the same attributes and tags is answered.
   *
   * Errors: `InvalidParameter`, `TagLimitExceeded`.
   */
  snsCreateTopic(input: SnsCreateTopicInput): Promise<SnsCreateTopicOutput>;
  /**
   * Makes a topic; one that is there with the same attributes and tags is answered.
   *
   * Errors: `InvalidParameter`, `TagLimitExceeded`.
   */
  snsCreateTopicSync(input: SnsCreateTopicInput): SnsCreateTopicOutput;
  /** Removes a topic and its subscriptions; nothing where there is none. Errors: `InvalidParameter`. */
  snsDeleteTopic(input: SnsDeleteTopicInput): Promise<SnsDeleteTopicOutput>;
  /** Removes a topic and its subscriptions; nothing where there is none. Errors: `InvalidParameter`. */
  snsDeleteTopicSync(input: SnsDeleteTopicInput): SnsDeleteTopicOutput;
  /** Lists topics, in order of their names, 100 on a page. Errors: `InvalidParameter`. */
  snsListTopics(input?: SnsListTopicsInput): Promise<SnsListTopicsOutput>;
  /** Lists topics, in order of their names, 100 on a page. Errors: `InvalidParameter`. */
  snsListTopicsSync(input?: SnsListTopicsInput): SnsListTopicsOutput;
  /** Tells what a topic is set to, and how many subscriptions it has. Errors: `NotFound`, `InvalidParameter`. */
  snsGetTopicAttributes(input: SnsGetTopicAttributesInput): Promise<SnsGetTopicAttributesOutput>;
  /** Tells what a topic is set to, and how many subscriptions it has. Errors: `NotFound`, `InvalidParameter`. */
  snsGetTopicAttributesSync(input: SnsGetTopicAttributesInput): SnsGetTopicAttributesOutput;
  /** Sets a topic otherwise. Errors: `NotFound`, `InvalidParameter`. */
  snsSetTopicAttributes(input: SnsSetTopicAttributesInput): Promise<SnsSetTopicAttributesOutput>;
  /** Sets a topic otherwise. Errors: `NotFound`, `InvalidParameter`. */
  snsSetTopicAttributesSync(input: SnsSetTopicAttributesInput): SnsSetTopicAttributesOutput;
  /**
   * Has somebody told of what is published. Queues of this database are told; what is at an address (`http`, `https`, `email`, `email-json`) is kept as pending, and
   * never told. Other protocols are refused.
   *
   * Errors: `NotFound`, `InvalidParameter`.
   */
  snsSubscribe(input: SnsSubscribeInput): Promise<SnsSubscribeOutput>;
  /**
   * Has somebody told of what is published. Queues of this database are told; what is at an address (`http`, `https`, `email`, `email-json`) is kept as pending, and
   * never told. Other protocols are refused.
   *
   * Errors: `NotFound`, `InvalidParameter`.
   */
  snsSubscribeSync(input: SnsSubscribeInput): SnsSubscribeOutput;
  /** Ends a subscription; nothing where there is none. Errors: `InvalidParameter`. */
  snsUnsubscribe(input: SnsUnsubscribeInput): Promise<SnsUnsubscribeOutput>;
  /** Ends a subscription; nothing where there is none. Errors: `InvalidParameter`. */
  snsUnsubscribeSync(input: SnsUnsubscribeInput): SnsUnsubscribeOutput;
  /** Lists all subscriptions, 100 on a page. Errors: `InvalidParameter`. */
  snsListSubscriptions(input?: SnsListSubscriptionsInput): Promise<SnsListSubscriptionsOutput>;
  /** Lists all subscriptions, 100 on a page. Errors: `InvalidParameter`. */
  snsListSubscriptionsSync(input?: SnsListSubscriptionsInput): SnsListSubscriptionsOutput;
  /** Lists the subscriptions of a topic, 100 on a page. Errors: `NotFound`, `InvalidParameter`. */
  snsListSubscriptionsByTopic(input: SnsListSubscriptionsByTopicInput): Promise<SnsListSubscriptionsByTopicOutput>;
  /** Lists the subscriptions of a topic, 100 on a page. Errors: `NotFound`, `InvalidParameter`. */
  snsListSubscriptionsByTopicSync(input: SnsListSubscriptionsByTopicInput): SnsListSubscriptionsByTopicOutput;
  /** Tells what a subscription is set to. Errors: `NotFound`, `InvalidParameter`. */
  snsGetSubscriptionAttributes(input: SnsGetSubscriptionAttributesInput): Promise<SnsGetSubscriptionAttributesOutput>;
  /** Tells what a subscription is set to. Errors: `NotFound`, `InvalidParameter`. */
  snsGetSubscriptionAttributesSync(input: SnsGetSubscriptionAttributesInput): SnsGetSubscriptionAttributesOutput;
  /** Sets a subscription otherwise. Errors: `NotFound`, `InvalidParameter`. */
  snsSetSubscriptionAttributes(input: SnsSetSubscriptionAttributesInput): Promise<SnsSetSubscriptionAttributesOutput>;
  /** Sets a subscription otherwise. Errors: `NotFound`, `InvalidParameter`. */
  snsSetSubscriptionAttributesSync(input: SnsSetSubscriptionAttributesInput): SnsSetSubscriptionAttributesOutput;
  /**
   * Tells all who have subscribed to a topic, in one commit.
   *
   * Errors: `NotFound`, `InvalidParameter`, `ParameterValueInvalid`.
   */
  snsPublish(input: SnsPublishInput): Promise<SnsPublishOutput>;
  /**
   * Tells all who have subscribed to a topic, in one commit.
   *
   * Errors: `NotFound`, `InvalidParameter`, `ParameterValueInvalid`.
   */
  snsPublishSync(input: SnsPublishInput): SnsPublishOutput;
  /**
   * Publishes up to 10 messages in one commit: all or none.
   *
   * Errors: `NotFound`, `InvalidParameter`, `ParameterValueInvalid`, `EmptyBatchRequest`, `TooManyEntriesInBatchRequest`, `BatchEntryIdsNotDistinct`,
   * `InvalidBatchEntryId`, `BatchRequestTooLong`.
   */
  snsPublishBatch(input: SnsPublishBatchInput): Promise<SnsPublishBatchOutput>;
  /**
   * Publishes up to 10 messages in one commit: all or none.
   *
   * Errors: `NotFound`, `InvalidParameter`, `ParameterValueInvalid`, `EmptyBatchRequest`, `TooManyEntriesInBatchRequest`, `BatchEntryIdsNotDistinct`,
   * `InvalidBatchEntryId`, `BatchRequestTooLong`.
   */
  snsPublishBatchSync(input: SnsPublishBatchInput): SnsPublishBatchOutput;
  /** Gives a topic tags, in place of those of the same names. Errors: `ResourceNotFoundException`, `TagLimitExceeded`, `InvalidParameter`. */
  snsTagResource(input: SnsTagResourceInput): Promise<SnsTagResourceOutput>;
  /** Gives a topic tags, in place of those of the same names. Errors: `ResourceNotFoundException`, `TagLimitExceeded`, `InvalidParameter`. */
  snsTagResourceSync(input: SnsTagResourceInput): SnsTagResourceOutput;
  /** Takes tags from a topic. Errors: `ResourceNotFoundException`, `InvalidParameter`. */
  snsUntagResource(input: SnsUntagResourceInput): Promise<SnsUntagResourceOutput>;
  /** Takes tags from a topic. Errors: `ResourceNotFoundException`, `InvalidParameter`. */
  snsUntagResourceSync(input: SnsUntagResourceInput): SnsUntagResourceOutput;
  /** Lists the tags of a topic. Errors: `ResourceNotFoundException`, `InvalidParameter`. */
  snsListTagsForResource(input: SnsListTagsForResourceInput): Promise<SnsListTagsForResourceOutput>;
  /** Lists the tags of a topic. Errors: `ResourceNotFoundException`, `InvalidParameter`. */
  snsListTagsForResourceSync(input: SnsListTagsForResourceInput): SnsListTagsForResourceOutput;
  /**
   * Makes a function known, so that mappings may name it; in place of one of the same name. Its code stays where it is: a handler in a program,
   * or a process with an endpoint.
   *
   * Errors: `InvalidParameterValueException`.
   */
  registerFunction(input: RegisterFunctionInput): Promise<RegisterFunctionOutput>;
  /**
   * Makes a function known, so that mappings may name it; in place of one of the same name. Its code stays where it is: a handler in a program,
   * or a process with an endpoint.
   *
   * Errors: `InvalidParameterValueException`.
   */
  registerFunctionSync(input: RegisterFunctionInput): RegisterFunctionOutput;
  /**
   * Forgets a function. Its mappings stay, and hand nothing over until it is there again.
   *
   * Errors: `ResourceNotFoundException`.
   */
  deregisterFunction(input: DeregisterFunctionInput): Promise<DeregisterFunctionOutput>;
  /**
   * Forgets a function. Its mappings stay, and hand nothing over until it is there again.
   *
   * Errors: `ResourceNotFoundException`.
   */
  deregisterFunctionSync(input: DeregisterFunctionInput): DeregisterFunctionOutput;
  /** Lists the functions by name. */
  listRegisteredFunctions(input?: ListRegisteredFunctionsInput): Promise<ListRegisteredFunctionsOutput>;
  /** Lists the functions by name. */
  listRegisteredFunctionsSync(input?: ListRegisteredFunctionsInput): ListRegisteredFunctionsOutput;
  /** Tells of all mappings, if anything of them or of the functions has changed. */
  describeMappings(input?: DescribeMappingsInput): Promise<DescribeMappingsOutput>;
  /** Tells of all mappings, if anything of them or of the functions has changed. */
  describeMappingsSync(input?: DescribeMappingsInput): DescribeMappingsOutput;
  /**
   * Keeps how far a mapping has come, delivers the failures, and does the handler's writes, all in one commit or not at all.
   *
   * Errors: `ResourceNotFoundException`; `ResourceConflictException` where another worker has settled in between;
   * `TransactionCanceledException` for the writes.
   */
  settleMapping(input: SettleMappingInput): Promise<SettleMappingOutput>;
  /**
   * Keeps how far a mapping has come, delivers the failures, and does the handler's writes, all in one commit or not at all.
   *
   * Errors: `ResourceNotFoundException`; `ResourceConflictException` where another worker has settled in between;
   * `TransactionCanceledException` for the writes.
   */
  settleMappingSync(input: SettleMappingInput): SettleMappingOutput;
  /**
   * Moves the manual clock forward, running whatever falls due on the way, in order.
   *
   * Errors: `ValidationException` when the database runs on the system clock.
   */
  advanceClock(input: AdvanceClockInput): Promise<AdvanceClockOutput>;
  /**
   * Moves the manual clock forward, running whatever falls due on the way, in order.
   *
   * Errors: `ValidationException` when the database runs on the system clock.
   */
  advanceClockSync(input: AdvanceClockInput): AdvanceClockOutput;
  /** Tells the database's time. */
  describeClock(input?: DescribeClockInput): Promise<DescribeClockOutput>;
  /** Tells the database's time. */
  describeClockSync(input?: DescribeClockInput): DescribeClockOutput;
  /**
   * Splits a partition: its shard closes and two children open.
   *
   * Errors: `ResourceNotFoundException` for an unknown table or shard, `ValidationException` for a shard that is closed or a
   * stream that is turned off.
   */
  splitShard(input: SplitShardInput): Promise<SplitShardOutput>;
  /**
   * Splits a partition: its shard closes and two children open.
   *
   * Errors: `ResourceNotFoundException` for an unknown table or shard, `ValidationException` for a shard that is closed or a
   * stream that is turned off.
   */
  splitShardSync(input: SplitShardInput): SplitShardOutput;
  /**
   * Closes a shard and opens one child in its place.
   *
   * Errors: as SplitShard; `ValidationException` also when the table has no stream.
   */
  rollShard(input: RollShardInput): Promise<RollShardOutput>;
  /**
   * Closes a shard and opens one child in its place.
   *
   * Errors: as SplitShard; `ValidationException` also when the table has no stream.
   */
  rollShardSync(input: RollShardInput): RollShardOutput;
  /** Does the background work that is due now. */
  maintain(input?: MaintainInput): Promise<MaintainOutput>;
  /** Does the background work that is due now. */
  maintainSync(input?: MaintainInput): MaintainOutput;
  /**
   * Has calls disturbed from now on, until the database is closed: a program can be tried against what happens rarely. The same faults with
   * the same seed do the same to the same calls. They take the place of those before, and begin a new trace; without any, calls go
   * undisturbed again and the trace stays. Where several are about a call, the first of them happens that is due.
   *
   * A fault that finds nothing to do to a call, such as to an empty page, is not used up and not in the trace.
   *
   * Errors: `ValidationException` for a fault that contradicts itself, or names an operation or a code that does not exist.
   */
  setFaults(input: SetFaultsInput): Promise<SetFaultsOutput>;
  /**
   * Has calls disturbed from now on, until the database is closed: a program can be tried against what happens rarely. The same faults with
   * the same seed do the same to the same calls. They take the place of those before, and begin a new trace; without any, calls go
   * undisturbed again and the trace stays. Where several are about a call, the first of them happens that is due.
   *
   * A fault that finds nothing to do to a call, such as to an empty page, is not used up and not in the trace.
   *
   * Errors: `ValidationException` for a fault that contradicts itself, or names an operation or a code that does not exist.
   */
  setFaultsSync(input: SetFaultsInput): SetFaultsOutput;
  /** Tells the faults and what they did. */
  describeFaults(input?: DescribeFaultsInput): Promise<DescribeFaultsOutput>;
  /** Tells the faults and what they did. */
  describeFaultsSync(input?: DescribeFaultsInput): DescribeFaultsOutput;
  /**
   * DescribeStream, with what the service keeps to itself: how many records each shard has, how old they are, and who reads them. Looking
   * changes nothing.
   *
   * Errors: `ResourceNotFoundException` for an unknown stream.
   */
  inspectStream(input: InspectStreamInput): Promise<InspectStreamOutput>;
  /**
   * DescribeStream, with what the service keeps to itself: how many records each shard has, how old they are, and who reads them. Looking
   * changes nothing.
   *
   * Errors: `ResourceNotFoundException` for an unknown stream.
   */
  inspectStreamSync(input: InspectStreamInput): InspectStreamOutput;
  /**
   * Looks at the records of a shard: a range of them from either end, and of these those that have a key or match an event pattern. Unlike
   * GetRecords it takes no iterator, so that nobody becomes a reader by it. What was trimmed is not told.
   *
   * Errors: `ResourceNotFoundException` for an unknown stream or shard; `ValidationException` for a key of other attributes than the
   * table's, and a text that is no pattern.
   */
  inspectRecords(input: InspectRecordsInput): Promise<InspectRecordsOutput>;
  /**
   * Looks at the records of a shard: a range of them from either end, and of these those that have a key or match an event pattern. Unlike
   * GetRecords it takes no iterator, so that nobody becomes a reader by it. What was trimmed is not told.
   *
   * Errors: `ResourceNotFoundException` for an unknown stream or shard; `ValidationException` for a key of other attributes than the
   * table's, and a text that is no pattern.
   */
  inspectRecordsSync(input: InspectRecordsInput): InspectRecordsOutput;
  /**
   * Tells what calls came to, under the names that Amazon CloudWatch has for it, since the database was opened with the option `metrics`.
   *
   * Errors: `ValidationException` without that option.
   */
  describeMetrics(input?: DescribeMetricsInput): Promise<DescribeMetricsOutput>;
  /**
   * Tells what calls came to, under the names that Amazon CloudWatch has for it, since the database was opened with the option `metrics`.
   *
   * Errors: `ValidationException` without that option.
   */
  describeMetricsSync(input?: DescribeMetricsInput): DescribeMetricsOutput;
  /**
   * Tells the latest calls, as many as the option `call_trace` says. Who asks again with the last number told follows them.
   *
   * Errors: `ValidationException` without that option.
   */
  describeCalls(input?: DescribeCallsInput): Promise<DescribeCallsOutput>;
  /**
   * Tells the latest calls, as many as the option `call_trace` says. Who asks again with the last number told follows them.
   *
   * Errors: `ValidationException` without that option.
   */
  describeCallsSync(input?: DescribeCallsInput): DescribeCallsOutput;
  /**
   * Copies the database, as it is at one moment, into a directory that is made; calls go on meanwhile. The copy opens like any database.
   *
   * Errors: `ValidationException` for a database in memory, or a directory that holds something; `StorageException` when it cannot be
   * written.
   */
  backup(input: BackupInput): Promise<BackupOutput>;
  /**
   * Copies the database, as it is at one moment, into a directory that is made; calls go on meanwhile. The copy opens like any database.
   *
   * Errors: `ValidationException` for a database in memory, or a directory that holds something; `StorageException` when it cannot be
   * written.
   */
  backupSync(input: BackupInput): BackupOutput;
  /**
   * Gives the disk back what deleted items and trimmed records have left behind, now and thoroughly.
   *
   * Errors: `ValidationException` for a database in memory.
   */
  compact(input?: CompactInput): Promise<CompactOutput>;
  /**
   * Gives the disk back what deleted items and trimmed records have left behind, now and thoroughly.
   *
   * Errors: `ValidationException` for a database in memory.
   */
  compactSync(input?: CompactInput): CompactOutput;
}

/** What each operation takes and answers, by its name. */
export interface Operations {
  CreateTable: { input: CreateTableInput; output: CreateTableOutput };
  DescribeTable: { input: DescribeTableInput; output: DescribeTableOutput };
  UpdateTable: { input: UpdateTableInput; output: UpdateTableOutput };
  DeleteTable: { input: DeleteTableInput; output: DeleteTableOutput };
  ListTables: { input: ListTablesInput; output: ListTablesOutput };
  UpdateTimeToLive: { input: UpdateTimeToLiveInput; output: UpdateTimeToLiveOutput };
  DescribeTimeToLive: { input: DescribeTimeToLiveInput; output: DescribeTimeToLiveOutput };
  TagResource: { input: TagResourceInput; output: TagResourceOutput };
  UntagResource: { input: UntagResourceInput; output: UntagResourceOutput };
  ListTagsOfResource: { input: ListTagsOfResourceInput; output: ListTagsOfResourceOutput };
  PutResourcePolicy: { input: PutResourcePolicyInput; output: PutResourcePolicyOutput };
  GetResourcePolicy: { input: GetResourcePolicyInput; output: GetResourcePolicyOutput };
  DeleteResourcePolicy: { input: DeleteResourcePolicyInput; output: DeleteResourcePolicyOutput };
  DescribeLimits: { input: DescribeLimitsInput; output: DescribeLimitsOutput };
  DescribeEndpoints: { input: DescribeEndpointsRequest; output: DescribeEndpointsResponse };
  CreateBackup: { input: CreateBackupInput; output: CreateBackupOutput };
  DescribeBackup: { input: DescribeBackupInput; output: DescribeBackupOutput };
  DeleteBackup: { input: DeleteBackupInput; output: DeleteBackupOutput };
  ListBackups: { input: ListBackupsInput; output: ListBackupsOutput };
  RestoreTableFromBackup: { input: RestoreTableFromBackupInput; output: RestoreTableFromBackupOutput };
  RestoreTableToPointInTime: { input: RestoreTableToPointInTimeInput; output: RestoreTableToPointInTimeOutput };
  ExportTableToPointInTime: { input: ExportTableToPointInTimeInput; output: ExportTableToPointInTimeOutput };
  DescribeExport: { input: DescribeExportInput; output: DescribeExportOutput };
  ListExports: { input: ListExportsInput; output: ListExportsOutput };
  ImportTable: { input: ImportTableInput; output: ImportTableOutput };
  DescribeImport: { input: DescribeImportInput; output: DescribeImportOutput };
  ListImports: { input: ListImportsInput; output: ListImportsOutput };
  UpdateContinuousBackups: { input: UpdateContinuousBackupsInput; output: UpdateContinuousBackupsOutput };
  DescribeContinuousBackups: { input: DescribeContinuousBackupsInput; output: DescribeContinuousBackupsOutput };
  UpdateContributorInsights: { input: UpdateContributorInsightsInput; output: UpdateContributorInsightsOutput };
  DescribeContributorInsights: { input: DescribeContributorInsightsInput; output: DescribeContributorInsightsOutput };
  ListContributorInsights: { input: ListContributorInsightsInput; output: ListContributorInsightsOutput };
  DescribeKinesisStreamingDestination: { input: DescribeKinesisStreamingDestinationInput; output: DescribeKinesisStreamingDestinationOutput };
  EnableKinesisStreamingDestination: { input: EnableKinesisStreamingDestinationInput; output: EnableKinesisStreamingDestinationOutput };
  DisableKinesisStreamingDestination: { input: DisableKinesisStreamingDestinationInput; output: DisableKinesisStreamingDestinationOutput };
  UpdateKinesisStreamingDestination: { input: UpdateKinesisStreamingDestinationInput; output: UpdateKinesisStreamingDestinationOutput };
  ListGlobalTables: { input: ListGlobalTablesInput; output: ListGlobalTablesOutput };
  CreateGlobalTable: { input: CreateGlobalTableInput; output: CreateGlobalTableOutput };
  UpdateGlobalTable: { input: UpdateGlobalTableInput; output: UpdateGlobalTableOutput };
  DescribeGlobalTable: { input: DescribeGlobalTableInput; output: DescribeGlobalTableOutput };
  DescribeGlobalTableSettings: { input: DescribeGlobalTableSettingsInput; output: DescribeGlobalTableSettingsOutput };
  UpdateGlobalTableSettings: { input: UpdateGlobalTableSettingsInput; output: UpdateGlobalTableSettingsOutput };
  DescribeTableReplicaAutoScaling: { input: DescribeTableReplicaAutoScalingInput; output: DescribeTableReplicaAutoScalingOutput };
  UpdateTableReplicaAutoScaling: { input: UpdateTableReplicaAutoScalingInput; output: UpdateTableReplicaAutoScalingOutput };
  PutItem: { input: PutItemInput; output: PutItemOutput };
  GetItem: { input: GetItemInput; output: GetItemOutput };
  UpdateItem: { input: UpdateItemInput; output: UpdateItemOutput };
  DeleteItem: { input: DeleteItemInput; output: DeleteItemOutput };
  BatchWriteItem: { input: BatchWriteItemInput; output: BatchWriteItemOutput };
  BatchGetItem: { input: BatchGetItemInput; output: BatchGetItemOutput };
  TransactWriteItems: { input: TransactWriteItemsInput; output: TransactWriteItemsOutput };
  TransactGetItems: { input: TransactGetItemsInput; output: TransactGetItemsOutput };
  Query: { input: QueryInput; output: QueryOutput };
  Scan: { input: ScanInput; output: ScanOutput };
  ExecuteStatement: { input: ExecuteStatementInput; output: ExecuteStatementOutput };
  BatchExecuteStatement: { input: BatchExecuteStatementInput; output: BatchExecuteStatementOutput };
  ExecuteTransaction: { input: ExecuteTransactionInput; output: ExecuteTransactionOutput };
  ListStreams: { input: ListStreamsInput; output: ListStreamsOutput };
  DescribeStream: { input: DescribeStreamInput; output: DescribeStreamOutput };
  GetShardIterator: { input: GetShardIteratorInput; output: GetShardIteratorOutput };
  GetRecords: { input: GetRecordsInput; output: GetRecordsOutput };
  KinesisCreateStream: { input: KinesisCreateStreamInput; output: KinesisCreateStreamOutput };
  KinesisDeleteStream: { input: KinesisDeleteStreamInput; output: KinesisDeleteStreamOutput };
  KinesisDescribeStream: { input: KinesisDescribeStreamInput; output: KinesisDescribeStreamOutput };
  KinesisDescribeStreamSummary: { input: KinesisDescribeStreamSummaryInput; output: KinesisDescribeStreamSummaryOutput };
  KinesisListStreams: { input: KinesisListStreamsInput; output: KinesisListStreamsOutput };
  KinesisListShards: { input: KinesisListShardsInput; output: KinesisListShardsOutput };
  KinesisSplitShard: { input: KinesisSplitShardInput; output: KinesisSplitShardOutput };
  KinesisMergeShards: { input: KinesisMergeShardsInput; output: KinesisMergeShardsOutput };
  KinesisUpdateShardCount: { input: KinesisUpdateShardCountInput; output: KinesisUpdateShardCountOutput };
  KinesisIncreaseStreamRetentionPeriod: { input: KinesisIncreaseStreamRetentionPeriodInput; output: KinesisIncreaseStreamRetentionPeriodOutput };
  KinesisDecreaseStreamRetentionPeriod: { input: KinesisDecreaseStreamRetentionPeriodInput; output: KinesisDecreaseStreamRetentionPeriodOutput };
  KinesisUpdateStreamMode: { input: KinesisUpdateStreamModeInput; output: KinesisUpdateStreamModeOutput };
  KinesisPutRecord: { input: KinesisPutRecordInput; output: KinesisPutRecordOutput };
  KinesisPutRecords: { input: KinesisPutRecordsInput; output: KinesisPutRecordsOutput };
  KinesisGetShardIterator: { input: KinesisGetShardIteratorInput; output: KinesisGetShardIteratorOutput };
  KinesisGetRecords: { input: KinesisGetRecordsInput; output: KinesisGetRecordsOutput };
  KinesisAddTagsToStream: { input: KinesisAddTagsToStreamInput; output: KinesisAddTagsToStreamOutput };
  KinesisRemoveTagsFromStream: { input: KinesisRemoveTagsFromStreamInput; output: KinesisRemoveTagsFromStreamOutput };
  KinesisListTagsForStream: { input: KinesisListTagsForStreamInput; output: KinesisListTagsForStreamOutput };
  KinesisTagResource: { input: KinesisTagResourceInput; output: KinesisTagResourceOutput };
  KinesisUntagResource: { input: KinesisUntagResourceInput; output: KinesisUntagResourceOutput };
  KinesisListTagsForResource: { input: KinesisListTagsForResourceInput; output: KinesisListTagsForResourceOutput };
  KinesisDescribeLimits: { input: KinesisDescribeLimitsInput; output: KinesisDescribeLimitsOutput };
  CreateEventSourceMapping: { input: CreateEventSourceMappingInput; output: EventSourceMappingConfiguration };
  GetEventSourceMapping: { input: GetEventSourceMappingInput; output: EventSourceMappingConfiguration };
  ListEventSourceMappings: { input: ListEventSourceMappingsInput; output: ListEventSourceMappingsOutput };
  UpdateEventSourceMapping: { input: UpdateEventSourceMappingInput; output: EventSourceMappingConfiguration };
  DeleteEventSourceMapping: { input: DeleteEventSourceMappingInput; output: EventSourceMappingConfiguration };
  LambdaGetFunctionConfiguration: { input: LambdaGetFunctionConfigurationInput; output: LambdaFunctionConfiguration };
  LambdaTagResource: { input: LambdaTagResourceInput; output: LambdaTagResourceOutput };
  LambdaUntagResource: { input: LambdaUntagResourceInput; output: LambdaUntagResourceOutput };
  LambdaListTags: { input: LambdaListTagsInput; output: LambdaListTagsOutput };
  SqsCreateQueue: { input: SqsCreateQueueInput; output: SqsCreateQueueOutput };
  SqsGetQueueUrl: { input: SqsGetQueueUrlInput; output: SqsGetQueueUrlOutput };
  SqsGetQueueAttributes: { input: SqsGetQueueAttributesInput; output: SqsGetQueueAttributesOutput };
  SqsSetQueueAttributes: { input: SqsSetQueueAttributesInput; output: SqsSetQueueAttributesOutput };
  SqsListQueues: { input: SqsListQueuesInput; output: SqsListQueuesOutput };
  SqsDeleteQueue: { input: SqsDeleteQueueInput; output: SqsDeleteQueueOutput };
  SqsPurgeQueue: { input: SqsPurgeQueueInput; output: SqsPurgeQueueOutput };
  SqsSendMessage: { input: SqsSendMessageInput; output: SqsSendMessageOutput };
  SqsSendMessageBatch: { input: SqsSendMessageBatchInput; output: SqsSendMessageBatchOutput };
  SqsReceiveMessage: { input: SqsReceiveMessageInput; output: SqsReceiveMessageOutput };
  SqsDeleteMessage: { input: SqsDeleteMessageInput; output: SqsDeleteMessageOutput };
  SqsDeleteMessageBatch: { input: SqsDeleteMessageBatchInput; output: SqsDeleteMessageBatchOutput };
  SqsChangeMessageVisibility: { input: SqsChangeMessageVisibilityInput; output: SqsChangeMessageVisibilityOutput };
  SqsChangeMessageVisibilityBatch: { input: SqsChangeMessageVisibilityBatchInput; output: SqsChangeMessageVisibilityBatchOutput };
  S3CreateBucket: { input: S3CreateBucketInput; output: S3CreateBucketOutput };
  S3ListBuckets: { input: S3ListBucketsInput; output: S3ListBucketsOutput };
  S3HeadBucket: { input: S3HeadBucketInput; output: S3HeadBucketOutput };
  S3DeleteBucket: { input: S3DeleteBucketInput; output: S3DeleteBucketOutput };
  S3PutObject: { input: S3PutObjectInput; output: S3PutObjectOutput };
  S3GetObject: { input: S3GetObjectInput; output: S3GetObjectOutput };
  S3HeadObject: { input: S3HeadObjectInput; output: S3HeadObjectOutput };
  S3DeleteObject: { input: S3DeleteObjectInput; output: S3DeleteObjectOutput };
  S3ListObjectsV2: { input: S3ListObjectsV2Input; output: S3ListObjectsV2Output };
  SnsCreateTopic: { input: SnsCreateTopicInput; output: SnsCreateTopicOutput };
  SnsDeleteTopic: { input: SnsDeleteTopicInput; output: SnsDeleteTopicOutput };
  SnsListTopics: { input: SnsListTopicsInput; output: SnsListTopicsOutput };
  SnsGetTopicAttributes: { input: SnsGetTopicAttributesInput; output: SnsGetTopicAttributesOutput };
  SnsSetTopicAttributes: { input: SnsSetTopicAttributesInput; output: SnsSetTopicAttributesOutput };
  SnsSubscribe: { input: SnsSubscribeInput; output: SnsSubscribeOutput };
  SnsUnsubscribe: { input: SnsUnsubscribeInput; output: SnsUnsubscribeOutput };
  SnsListSubscriptions: { input: SnsListSubscriptionsInput; output: SnsListSubscriptionsOutput };
  SnsListSubscriptionsByTopic: { input: SnsListSubscriptionsByTopicInput; output: SnsListSubscriptionsByTopicOutput };
  SnsGetSubscriptionAttributes: { input: SnsGetSubscriptionAttributesInput; output: SnsGetSubscriptionAttributesOutput };
  SnsSetSubscriptionAttributes: { input: SnsSetSubscriptionAttributesInput; output: SnsSetSubscriptionAttributesOutput };
  SnsPublish: { input: SnsPublishInput; output: SnsPublishOutput };
  SnsPublishBatch: { input: SnsPublishBatchInput; output: SnsPublishBatchOutput };
  SnsTagResource: { input: SnsTagResourceInput; output: SnsTagResourceOutput };
  SnsUntagResource: { input: SnsUntagResourceInput; output: SnsUntagResourceOutput };
  SnsListTagsForResource: { input: SnsListTagsForResourceInput; output: SnsListTagsForResourceOutput };
  RegisterFunction: { input: RegisterFunctionInput; output: RegisterFunctionOutput };
  DeregisterFunction: { input: DeregisterFunctionInput; output: DeregisterFunctionOutput };
  ListRegisteredFunctions: { input: ListRegisteredFunctionsInput; output: ListRegisteredFunctionsOutput };
  DescribeMappings: { input: DescribeMappingsInput; output: DescribeMappingsOutput };
  SettleMapping: { input: SettleMappingInput; output: SettleMappingOutput };
  AdvanceClock: { input: AdvanceClockInput; output: AdvanceClockOutput };
  DescribeClock: { input: DescribeClockInput; output: DescribeClockOutput };
  SplitShard: { input: SplitShardInput; output: SplitShardOutput };
  RollShard: { input: RollShardInput; output: RollShardOutput };
  Maintain: { input: MaintainInput; output: MaintainOutput };
  SetFaults: { input: SetFaultsInput; output: SetFaultsOutput };
  DescribeFaults: { input: DescribeFaultsInput; output: DescribeFaultsOutput };
  InspectStream: { input: InspectStreamInput; output: InspectStreamOutput };
  InspectRecords: { input: InspectRecordsInput; output: InspectRecordsOutput };
  DescribeMetrics: { input: DescribeMetricsInput; output: DescribeMetricsOutput };
  DescribeCalls: { input: DescribeCallsInput; output: DescribeCallsOutput };
  Backup: { input: BackupInput; output: BackupOutput };
  Compact: { input: CompactInput; output: CompactOutput };
}

/** The codes of errors; each is the name of a class in `errors`. */
export type ErrorCode =
  | 'ValidationException'
  | 'SerializationException'
  | 'UnknownOperationException'
  | 'MissingAuthenticationTokenException'
  | 'ConditionalCheckFailedException'
  | 'DuplicateItemException'
  | 'TransactionCanceledException'
  | 'TransactionInProgressException'
  | 'TransactionConflictException'
  | 'ItemCollectionSizeLimitExceededException'
  | 'IdempotentParameterMismatchException'
  | 'ResourceNotFoundException'
  | 'ResourceInUseException'
  | 'AccessDeniedException'
  | 'PolicyNotFoundException'
  | 'TableNotFoundException'
  | 'TableAlreadyExistsException'
  | 'TableInUseException'
  | 'BackupNotFoundException'
  | 'BackupInUseException'
  | 'PointInTimeRecoveryUnavailableException'
  | 'InvalidRestoreTimeException'
  | 'ExportNotFoundException'
  | 'ExportConflictException'
  | 'InvalidExportTimeException'
  | 'ImportNotFoundException'
  | 'ImportConflictException'
  | 'GlobalTableNotFoundException'
  | 'LimitExceededException'
  | 'ThrottlingException'
  | 'ProvisionedThroughputExceededException'
  | 'ExpiredIteratorException'
  | 'InvalidArgumentException'
  | 'InvalidParameterValueException'
  | 'ResourceConflictException'
  | 'ExpiredNextTokenException'
  | 'TrimmedDataAccessException'
  | 'QueueDoesNotExist'
  | 'QueueNameExists'
  | 'ReceiptHandleIsInvalid'
  | 'MessageNotInflight'
  | 'InvalidMessageContents'
  | 'InvalidAttributeName'
  | 'InvalidAttributeValue'
  | 'EmptyBatchRequest'
  | 'TooManyEntriesInBatchRequest'
  | 'BatchEntryIdsNotDistinct'
  | 'InvalidBatchEntryId'
  | 'BatchRequestTooLong'
  | 'NoSuchBucket'
  | 'NoSuchKey'
  | 'BucketAlreadyOwnedByYou'
  | 'BucketNotEmpty'
  | 'InvalidBucketName'
  | 'EntityTooLarge'
  | 'KeyTooLongError'
  | 'UnrecognizedClientException'
  | 'InvalidSignatureException'
  | 'ExpiredTokenException'
  | 'RequestLimitExceeded'
  | 'EndpointUnreachableException'
  | 'OutcomeUnknownException'
  | 'CredentialsException'
  | 'NotFound'
  | 'InvalidParameter'
  | 'ParameterValueInvalid'
  | 'TagLimitExceeded'
  | 'InternalServerError'
  | 'StorageException'
  | 'CorruptionException'
  | 'DatabaseClosedException'
  | 'OpenException';
