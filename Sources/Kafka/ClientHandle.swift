import Blocking
import CRdKafka

/// Sole owner of one `rd_kafka_t *` and of the queue its events come from.
struct ClientHandle: ~Copyable {
  let pointer: OpaquePointer
  let queue: OpaquePointer
  private let callbacks: LoginCallbacks?

  init(
    _ type: rd_kafka_type_t,
    configuration: consuming ConfigurationHandle,
    callbacks: LoginCallbacks?
  ) throws(KafkaError) {
    callbacks?.install(in: configuration)
    var text = CText()
    let conf = configuration.release()
    guard let pointer = rd_kafka_new(type, conf, &text.bytes, text.bytes.count) else {
      // rd_kafka_new takes the configuration only when it succeeds.
      rd_kafka_conf_destroy(conf)
      throw KafkaError(code: .setting, message: text.string)
    }
    do throws(KafkaError) {
      try callbacks?.start(pointer)
    } catch {
      rd_kafka_destroy(pointer)
      throw error
    }
    self.pointer = pointer
    self.callbacks = callbacks
    queue = rd_kafka_queue_get_main(pointer)
  }

  // rd_kafka_destroy waits for the threads of librdkafka, which the one that drops the last reference
  // must not. (An isolated deinit would be the tool, but Swift 6.3 cannot compile optimized users
  // of an actor with one: "circular reference".)
  deinit {
    // Unsafe for the compiler only: nobody else knows these pointers any more.
    nonisolated(unsafe) let (pointer, queue) = (pointer, queue)
    BlockingThread.start { [callbacks] in
      rd_kafka_queue_destroy(queue)
      rd_kafka_destroy(pointer)
      // Called back until here.
      withExtendedLifetime(callbacks) {}
    }
  }
}
