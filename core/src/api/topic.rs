//! Shapes of topics, which are those of Amazon SNS, under names of their own.

use std::collections::BTreeMap;

use super::shape::{Blob, shape};

shape! {
    /// A name with a text, of a topic.
    pub struct SnsTag {
        /// The name.
        key: String = "Key" [REQUIRED, length(1, 128)],
        /// The text.
        value: String = "Value" [REQUIRED, length(0, 256)],
    }

    /// Makes a topic; one that is there with the same attributes and tags is answered.
    ///
    /// Errors: `InvalidParameter`, `TagLimitExceeded`.
    pub struct SnsCreateTopicInput {
        /// Its name: up to 256 letters, digits, hyphens and underscores.
        name: String = "Name" [REQUIRED],
        /// What it is set to: as in SetTopicAttributes.
        attributes: BTreeMap<String, String> = "Attributes",
        /// Its tags.
        tags: Vec<SnsTag> = "Tags",
    }

    /// Answer of CreateTopic.
    pub struct SnsCreateTopicOutput {
        /// How other operations name it.
        topic_arn: String = "TopicArn",
    }

    /// Removes a topic and its subscriptions; nothing where there is none. Errors: `InvalidParameter`.
    pub struct SnsDeleteTopicInput {
        /// The topic.
        topic_arn: String = "TopicArn" [REQUIRED],
    }

    /// Answer of DeleteTopic.
    pub struct SnsDeleteTopicOutput {
    }

    /// Lists topics, in order of their names, 100 on a page. Errors: `InvalidParameter`.
    pub struct SnsListTopicsInput {
        /// Where to go on.
        next_token: String = "NextToken",
    }

    /// A topic in a list.
    pub struct SnsTopic {
        /// How other operations name it.
        topic_arn: String = "TopicArn",
    }

    /// Answer of ListTopics.
    pub struct SnsListTopicsOutput {
        /// The topics.
        topics: Vec<SnsTopic> = "Topics",
        /// Where to go on, if there are more.
        next_token: String = "NextToken",
    }

    /// Tells what a topic is set to, and how many subscriptions it has. Errors: `NotFound`, `InvalidParameter`.
    pub struct SnsGetTopicAttributesInput {
        /// The topic.
        topic_arn: String = "TopicArn" [REQUIRED],
    }

    /// Answer of GetTopicAttributes.
    pub struct SnsGetTopicAttributesOutput {
        /// What is known of it, by name.
        attributes: BTreeMap<String, String> = "Attributes",
    }

    /// Sets a topic otherwise. Errors: `NotFound`, `InvalidParameter`.
    pub struct SnsSetTopicAttributesInput {
        /// The topic.
        topic_arn: String = "TopicArn" [REQUIRED],
        /// Which: `DisplayName`, `Policy`, `DeliveryPolicy`, `KmsMasterKeyId`, `SignatureVersion`, `TracingConfig`. They are kept and told; only
        /// `SignatureVersion` shows in what is delivered.
        attribute_name: String = "AttributeName" [REQUIRED],
        /// To what; to what holds otherwise when absent.
        attribute_value: String = "AttributeValue",
    }

    /// Answer of SetTopicAttributes.
    pub struct SnsSetTopicAttributesOutput {
    }

    /// Has somebody told of what is published. Queues of this database are told; what is at an address (`http`, `https`, `email`, `email-json`) is kept as pending, and
    /// never told. Other protocols are refused.
    ///
    /// Errors: `NotFound`, `InvalidParameter`.
    pub struct SnsSubscribeInput {
        /// The topic.
        topic_arn: String = "TopicArn" [REQUIRED],
        /// How: `sqs`, `http`, `https`, `email` or `email-json`.
        protocol: String = "Protocol" [REQUIRED],
        /// Whom: of `sqs` the ARN of the queue.
        endpoint: String = "Endpoint",
        /// What it is set to: as in SetSubscriptionAttributes.
        attributes: BTreeMap<String, String> = "Attributes",
        /// Whether the ARN of a subscription that is pending is answered, too.
        return_subscription_arn: bool = "ReturnSubscriptionArn",
    }

    /// Answer of Subscribe.
    pub struct SnsSubscribeOutput {
        /// How other operations name it; `pending confirmation` of one that is.
        subscription_arn: String = "SubscriptionArn",
    }

    /// Ends a subscription; nothing where there is none. Errors: `InvalidParameter`.
    pub struct SnsUnsubscribeInput {
        /// The subscription.
        subscription_arn: String = "SubscriptionArn" [REQUIRED],
    }

    /// Answer of Unsubscribe.
    pub struct SnsUnsubscribeOutput {
    }

    /// A subscription in a list.
    pub struct SnsSubscription {
        /// How other operations name it; `PendingConfirmation` of one that is.
        subscription_arn: String = "SubscriptionArn",
        /// Whose it is.
        owner: String = "Owner",
        /// How it is told.
        protocol: String = "Protocol",
        /// Who is told.
        endpoint: String = "Endpoint",
        /// Of which topic.
        topic_arn: String = "TopicArn",
    }

    /// Lists all subscriptions, 100 on a page. Errors: `InvalidParameter`.
    pub struct SnsListSubscriptionsInput {
        /// Where to go on.
        next_token: String = "NextToken",
    }

    /// Answer of ListSubscriptions.
    pub struct SnsListSubscriptionsOutput {
        /// The subscriptions.
        subscriptions: Vec<SnsSubscription> = "Subscriptions",
        /// Where to go on, if there are more.
        next_token: String = "NextToken",
    }

    /// Lists the subscriptions of a topic, 100 on a page. Errors: `NotFound`, `InvalidParameter`.
    pub struct SnsListSubscriptionsByTopicInput {
        /// The topic.
        topic_arn: String = "TopicArn" [REQUIRED],
        /// Where to go on.
        next_token: String = "NextToken",
    }

    /// Answer of ListSubscriptionsByTopic.
    pub struct SnsListSubscriptionsByTopicOutput {
        /// The subscriptions.
        subscriptions: Vec<SnsSubscription> = "Subscriptions",
        /// Where to go on, if there are more.
        next_token: String = "NextToken",
    }

    /// Tells what a subscription is set to. Errors: `NotFound`, `InvalidParameter`.
    pub struct SnsGetSubscriptionAttributesInput {
        /// The subscription.
        subscription_arn: String = "SubscriptionArn" [REQUIRED],
    }

    /// Answer of GetSubscriptionAttributes.
    pub struct SnsGetSubscriptionAttributesOutput {
        /// What is known of it, by name.
        attributes: BTreeMap<String, String> = "Attributes",
    }

    /// Sets a subscription otherwise. Errors: `NotFound`, `InvalidParameter`.
    pub struct SnsSetSubscriptionAttributesInput {
        /// The subscription.
        subscription_arn: String = "SubscriptionArn" [REQUIRED],
        /// Which: `RawMessageDelivery`, `FilterPolicy`, `FilterPolicyScope`, `RedrivePolicy`, `DeliveryPolicy`, which is kept and told alone.
        attribute_name: String = "AttributeName" [REQUIRED],
        /// To what; to what holds otherwise when absent.
        attribute_value: String = "AttributeValue",
    }

    /// Answer of SetSubscriptionAttributes.
    pub struct SnsSetSubscriptionAttributesOutput {
    }

    /// A value beside a message.
    pub struct SnsMessageAttributeValue {
        /// The type: `String`, `String.Array`, `Number` or `Binary`, with a label behind a dot if you like.
        data_type: String = "DataType" [REQUIRED],
        /// Text, of all types but `Binary`.
        string_value: String = "StringValue",
        /// Bytes, of the type `Binary`.
        binary_value: Blob = "BinaryValue",
    }

    /// Tells all who have subscribed to a topic, in one commit.
    ///
    /// Errors: `NotFound`, `InvalidParameter`, `ParameterValueInvalid`.
    pub struct SnsPublishInput {
        /// The topic.
        topic_arn: String = "TopicArn",
        /// The same.
        target_arn: String = "TargetArn",
        /// What to tell, up to 256 KiB with its attributes.
        message: String = "Message" [REQUIRED],
        /// Its subject, up to 100 characters.
        subject: String = "Subject",
        /// `json` where the message is an object of texts by protocol, one of them called `default`.
        message_structure: String = "MessageStructure",
        /// What stands beside the message.
        message_attributes: BTreeMap<String, SnsMessageAttributeValue> = "MessageAttributes",
    }

    /// Answer of Publish.
    pub struct SnsPublishOutput {
        /// Its identity.
        message_id: String = "MessageId",
    }

    /// A message of a batch.
    pub struct SnsPublishBatchRequestEntry {
        /// What the answer calls it.
        id: String = "Id" [REQUIRED],
        /// As in Publish.
        message: String = "Message" [REQUIRED],
        /// As in Publish.
        subject: String = "Subject",
        /// As in Publish.
        message_structure: String = "MessageStructure",
        /// As in Publish.
        message_attributes: BTreeMap<String, SnsMessageAttributeValue> = "MessageAttributes",
    }

    /// Publishes up to 10 messages in one commit: all or none.
    ///
    /// Errors: `NotFound`, `InvalidParameter`, `ParameterValueInvalid`, `EmptyBatchRequest`, `TooManyEntriesInBatchRequest`, `BatchEntryIdsNotDistinct`,
    /// `InvalidBatchEntryId`, `BatchRequestTooLong`.
    pub struct SnsPublishBatchInput {
        /// The topic.
        topic_arn: String = "TopicArn" [REQUIRED],
        /// The messages.
        publish_batch_request_entries: Vec<SnsPublishBatchRequestEntry> = "PublishBatchRequestEntries" [REQUIRED],
    }

    /// A message that was published.
    pub struct SnsPublishBatchResultEntry {
        /// What the request called it.
        id: String = "Id",
        /// Its identity.
        message_id: String = "MessageId",
    }

    /// What was not done, and why.
    pub struct SnsBatchResultErrorEntry {
        /// What the request called it.
        id: String = "Id",
        /// The code.
        code: String = "Code",
        /// The same as text.
        message: String = "Message",
        /// Whether the sender is at fault.
        sender_fault: bool = "SenderFault",
    }

    /// Answer of PublishBatch.
    pub struct SnsPublishBatchOutput {
        /// What was published.
        successful: Vec<SnsPublishBatchResultEntry> = "Successful",
        /// What was not: nothing, since what is wrong with one message is said of the request.
        failed: Vec<SnsBatchResultErrorEntry> = "Failed",
    }

    /// Gives a topic tags, in place of those of the same names. Errors: `ResourceNotFoundException`, `TagLimitExceeded`, `InvalidParameter`.
    pub struct SnsTagResourceInput {
        /// The topic.
        resource_arn: String = "ResourceArn" [REQUIRED, length(1, 1011)],
        /// The tags.
        tags: Vec<SnsTag> = "Tags" [REQUIRED],
    }

    /// Answer of TagResource.
    pub struct SnsTagResourceOutput {
    }

    /// Takes tags from a topic. Errors: `ResourceNotFoundException`, `InvalidParameter`.
    pub struct SnsUntagResourceInput {
        /// The topic.
        resource_arn: String = "ResourceArn" [REQUIRED, length(1, 1011)],
        /// Their names.
        tag_keys: Vec<String> = "TagKeys" [REQUIRED],
    }

    /// Answer of UntagResource.
    pub struct SnsUntagResourceOutput {
    }

    /// Lists the tags of a topic. Errors: `ResourceNotFoundException`, `InvalidParameter`.
    pub struct SnsListTagsForResourceInput {
        /// The topic.
        resource_arn: String = "ResourceArn" [REQUIRED, length(1, 1011)],
    }

    /// Answer of ListTagsForResource.
    pub struct SnsListTagsForResourceOutput {
        /// The tags, in order of their names.
        tags: Vec<SnsTag> = "Tags",
    }
}
