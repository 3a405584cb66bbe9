import Tracing

extension Console {
  /// Logs the steps of the rooms below, where the user wants to see them.
  var trace: Trace {
    guard options.level <= .trace, !options.isQuiet else { return Trace(nil) }
    return Trace { room, step in
      self.log(LogEvent(.trace, name: "trace-\(room)", message: "\(room): \(step)"))
    }
  }
}
