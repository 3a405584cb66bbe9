extension RunProgress.Counts {
  /// The counts by name, in a fixed order.
  public var named: [(name: String, count: Int)] {
    [
      ("read", read), ("unchanged", unchanged), ("added", added), ("changed", changed),
      ("removed", removed), ("remembered", remembered), ("moved", moved), ("invalid", invalid),
      ("rejected", rejected),
      ("failed", failed), ("sent", sent), ("resent", resent),
      ("ignored_partitions", ignoredPartitions),
    ]
  }

  /// The counts as a JSON object.
  public var json: String {
    "{" + named.map { "\"\($0.name)\":\($0.count)" }.joined(separator: ",") + "}"
  }
}
