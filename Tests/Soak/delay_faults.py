"""Messages that reach the broker late, after their transaction was aborted or their producer fenced."""

import copy
import signal

from kafka_cluster import KafkaCluster, wait_until
from kafka_proxy import KafkaProxy
from stage import Skipped, expect

# What a broker answers to a producer whose epoch is over, or whose transaction is.
REFUSALS = {47: "INVALID_PRODUCER_EPOCH", 90: "PRODUCER_FENCED", 48: "INVALID_TXN_STATE",
            120: "TRANSACTION_ABORTABLE", 45: "OUT_OF_ORDER_SEQUENCE_NUMBER",
            59: "UNKNOWN_PRODUCER_ID"}


def delayed_messages(stage):
    """A frozen and a killed producer's messages arrive late; the broker verifies transactions."""
    return _delayed(stage, "delayed_messages", stage.kafka)


def delayed_messages_unverified(stage):
    """The same with a broker that verifies no transactions, as those before Kafka 3.6."""
    cluster = KafkaCluster(stage.folder / f"unverified_{stage.delivery}",
                           settings=["transaction.partition.verification.enable=false"])
    try:
        return _delayed(stage, "delayed_messages_unverified", cluster)
    finally:
        cluster.remove()


def _delayed(stage, name, cluster):
    if stage.delivery != "exactly_once":
        raise Skipped("at least once has no transactions")
    words = [_try(stage, f"{name}_{way.__name__[1:]}", cluster, way) for way in (_frozen, _killed)]
    return "; ".join(words) + "; topics equal the table, nothing twice"


def _try(stage, name, cluster, way):
    proxy = KafkaProxy(cluster.brokers)
    behind = copy.copy(cluster)
    behind.brokers = proxy.brokers
    trial = stage.trial(name, kafka=behind)
    # What is read back does not come through the proxy.
    trial.kafka = cluster
    try:
        words = way(trial, proxy, cluster)
        trial.run(0)
    finally:
        proxy.close()
    repeated = trial.expect_topic_equals()
    expect(repeated == 0, f"{repeated} messages came twice")
    return words


def _frozen(trial, proxy, cluster):
    """SIGSTOP in a transaction, which somebody aborts; its messages arrive before SIGCONT."""
    proxy.hold(after=5)
    process = trial.start()
    expect(wait_until(lambda: proxy.held > 0 or process.poll() is not None, 60)
           and process.poll() is None, f"no message was held: {trial.last_words()}")
    # As many as it has under way at once, if they come.
    wait_until(lambda: proxy.held >= 5, 3)
    process.send_signal(signal.SIGSTOP)
    try:
        held = proxy.held
        proxy.pass_on()
        names = cluster.tool("transactions", "list").decode().split()
        ids = sorted({word for word in names if word.startswith("sluice.")})
        for transaction in ids:
            cluster.tool("transactions", "forceTerminateTransaction",
                         "--transactionalId", transaction)
        before = len(proxy.late_answers)
        proxy.release()
        expect(wait_until(lambda: len(proxy.late_answers) - before >= held, 30),
               f"the broker answered {len(proxy.late_answers) - before} of {held} late requests")
        answers = proxy.late_answers[before:]
    finally:
        process.send_signal(signal.SIGCONT)
    trial.end(process, 0)
    return f"frozen, aborted by hand: {held} late requests, {_words(answers)}, then it ended with 0"


def _killed(trial, proxy, _):
    """kill -9 in a transaction; its messages arrive in the middle of the next run's."""
    proxy.hold(after=5)
    process = trial.start()
    expect(wait_until(lambda: proxy.held > 0 or process.poll() is not None, 60)
           and process.poll() is None, f"no message was held: {trial.last_words()}")
    wait_until(lambda: proxy.held >= 5, 3)
    process.kill()
    process.wait()
    held = proxy.held
    proxy.pass_on()
    before = len(proxy.late_answers)
    live = trial.batches("live")
    process = trial.start()
    # The next run has fenced it and sends: now what was under way arrives.
    wait_until(lambda: trial.batches("live") > live or process.poll() is not None, 60)
    proxy.release()
    expect(wait_until(lambda: len(proxy.late_answers) - before >= held, 30),
           f"the broker answered {len(proxy.late_answers) - before} of {held} late requests")
    trial.end(process, 0)
    return (f"killed and fenced: {held} late requests in the next transactions, "
            f"{_words(proxy.late_answers[before:])}")


def _words(answers):
    accepted = sum(code == 0 for code in answers)
    names = sorted({REFUSALS.get(code, str(code)) for code in answers if code})
    return f"{accepted} of them accepted" + (f", the others {', '.join(names)}" if names else "")


FAULTS = (delayed_messages, delayed_messages_unverified)
