import Blocking
import CRdKafka
public import Settings

extension KafkaProducer {
  /// The smallest `max.message.bytes` of `topics`; nil if the cluster does not tell.
  public func messageSizeMax(topics: [String], timeout: Duration) -> Int? {
    let known = topicSettings(of: topics, timeout: timeout)
    let numbers = topics.compactMap { known[$0]?["max.message.bytes"].flatMap { Int($0) } }
    return numbers.count == topics.count ? numbers.min() : nil
  }

  /// The settings of topics by Kafka's names; a topic of which the cluster does not tell is missing.
  public func topicSettings(
    of topics: [String],
    timeout: Duration
  ) -> [String: [String: String]] {
    guard !topics.isEmpty else { return [:] }
    let pointer = client.handle.pointer
    let time = timeout.milliseconds
    var call = AdminCall(RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, of: pointer, timeout: time)
    // librdkafka refuses to ask about one twice.
    var questions = Set(topics).map { rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, $0) }
    defer { for question in questions { rd_kafka_ConfigResource_destroy(question) } }
    rd_kafka_DescribeConfigs(pointer, &questions, questions.count, call.options, call.queue)
    guard let event = try? call.answer("settings of topics", timeout: time) else { return [:] }
    var count = 0
    guard
      let result = rd_kafka_event_DescribeConfigs_result(event),
      let answers = rd_kafka_DescribeConfigs_result_resources(result, &count)
    else { return [:] }
    var settings: [String: [String: String]] = [:]
    for answer in UnsafeBufferPointer(start: answers, count: count) {
      guard
        rd_kafka_ConfigResource_error(answer) == RD_KAFKA_RESP_ERR_NO_ERROR,
        let name = rd_kafka_ConfigResource_name(answer),
        let entries = rd_kafka_ConfigResource_configs(answer, &count)
      else { continue }
      let pairs = UnsafeBufferPointer(start: entries, count: count)
      settings[String(cString: name)] = Self.settings(pairs)
    }
    return settings
  }

  /// Creates topics, all in one request; one that is there already stays as it is.
  ///
  /// Returns why a topic was not made, by its name. With `validatesOnly` the broker says what it
  /// would do and makes none. Throws if there is no answer at all.
  public func createTopics(
    _ names: [String],
    _ creation: TopicCreation,
    validatesOnly: Bool = false,
    timeout: Duration
  ) throws(KafkaError) -> [String: KafkaError] {
    var refusals: [String: KafkaError] = [:]
    var requests: [OpaquePointer?] = []
    defer { for request in requests { rd_kafka_NewTopic_destroy(request) } }
    // librdkafka refuses to ask about one twice.
    for name in Set(names) {
      do throws(KafkaError) {
        requests.append(try Self.newTopic(name, creation))
      } catch {
        refusals[name] = error
      }
    }
    if requests.isEmpty { return refusals }
    let pointer = client.handle.pointer
    let time = timeout.milliseconds
    var call = AdminCall(RD_KAFKA_ADMIN_OP_CREATETOPICS, of: pointer, timeout: time)
    var text = CText()
    let size = text.bytes.count
    _ = rd_kafka_AdminOptions_set_operation_timeout(call.options, time, &text.bytes, size)
    if validatesOnly {
      _ = rd_kafka_AdminOptions_set_validate_only(call.options, 1, &text.bytes, size)
    }
    rd_kafka_CreateTopics(pointer, &requests, requests.count, call.options, call.queue)
    let event = try call.answer("create topics", timeout: time)
    var count = 0
    let result = rd_kafka_event_CreateTopics_result(event)
    let answers = rd_kafka_CreateTopics_result_topics(result, &count)
    for answer in UnsafeBufferPointer(start: answers, count: count) {
      guard let name = rd_kafka_topic_result_name(answer).map({ String(cString: $0) }) else {
        continue
      }
      refusals[name] = Self.refusal(answer)
    }
    return refusals
  }

  private static func newTopic(
    _ name: String,
    _ creation: TopicCreation
  ) throws(KafkaError) -> OpaquePointer {
    var text = CText()
    // -1 is the broker's default.
    let partitions = creation.partitions.map { Int32(clamping: $0) } ?? -1
    let replicas = creation.replicationFactor.map { Int32(clamping: $0) } ?? -1
    let size = text.bytes.count
    guard let topic = rd_kafka_NewTopic_new(name, partitions, replicas, &text.bytes, size) else {
      throw KafkaError(code: .setting, message: text.string)
    }
    for (key, value) in creation.configuration {
      _ = rd_kafka_NewTopic_set_config(topic, key, value)
    }
    return topic
  }

  private static func refusal(_ answer: OpaquePointer?) -> KafkaError? {
    let code = rd_kafka_topic_result_error(answer)
    if code == RD_KAFKA_RESP_ERR_NO_ERROR || code == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS {
      return nil
    }
    let reason = rd_kafka_topic_result_error_string(answer).map { String(cString: $0) }
    var error = KafkaError(code, message: reason)
    error.hint = hint(code)
    return error
  }

  private static func hint(_ code: rd_kafka_resp_err_t) -> String? {
    switch code {
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
      RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
      "ask for Create on the topic or on the cluster, or have somebody create it"
    case RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR:
      "set `replication_factor` under `create_topics` to no more than there are brokers"
    case RD_KAFKA_RESP_ERR_INVALID_PARTITIONS: "correct `partitions` under `create_topics`"
    case RD_KAFKA_RESP_ERR_INVALID_CONFIG: "correct `config` under `create_topics`"
    case RD_KAFKA_RESP_ERR_POLICY_VIOLATION:
      "the cluster has rules for topics: adapt `create_topics`, or ask who runs it"
    default: nil
    }
  }

  /// Deletes a consumer group with its offsets; a missing one is not an error.
  public func deleteGroup(_ group: String, timeout: Duration) throws(KafkaError) {
    let context = "delete group \(group)"
    // librdkafka 2.0.2 crashes where the coordinator is not there yet; this waits until it is.
    _ = try groupOffsets(of: group, timeout: timeout)
    let pointer = client.handle.pointer
    let time = timeout.milliseconds
    var call = AdminCall(RD_KAFKA_ADMIN_OP_DELETEGROUPS, of: pointer, timeout: time)
    var request = rd_kafka_DeleteGroup_new(group)
    defer { rd_kafka_DeleteGroup_destroy(request) }
    rd_kafka_DeleteGroups(pointer, &request, 1, call.options, call.queue)
    let event = try call.answer(context, timeout: time)
    var count = 0
    let result = rd_kafka_event_DeleteGroups_result(event)
    guard let groups = rd_kafka_DeleteGroups_result_groups(result, &count), count == 1 else {
      throw KafkaError(RD_KAFKA_RESP_ERR__BAD_MSG, context: context)
    }
    guard let error = rd_kafka_group_result_error(groups[0]) else { return }
    let code = rd_kafka_error_code(error)
    if code == RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND { return }
    throw KafkaError(code, message: String(cString: rd_kafka_error_string(error)), context: context)
  }

  private static func settings(
    _ entries: UnsafeBufferPointer<OpaquePointer?>
  ) -> [String: String] {
    var settings: [String: String] = [:]
    for entry in entries {
      guard let name = rd_kafka_ConfigEntry_name(entry) else { continue }
      guard let value = rd_kafka_ConfigEntry_value(entry) else { continue }
      settings[String(cString: name)] = String(cString: value)
    }
    return settings
  }
}
