extension PlanReport {
  /// The same plan without values of rows, for readers who must not see any.
  ///
  /// Primary keys, columns, keys, headers and bodies are left out; counts, reasons, names of columns,
  /// headers and topics, partitions and sizes stay.
  public var withoutValues: PlanReport {
    var plan = self
    plan.isRedacted = true
    plan.samples = samples.map(\.withoutValues)
    plan.problems = problems.map { problem in
      var problem = problem
      problem.first = nil
      return problem
    }
    plan.tests = tests.map { test in
      var test = test
      test.examples = []
      return test
    }
    plan.error = error?.withoutValues
    return plan
  }
}

extension PlanReport.Sample {
  fileprivate var withoutValues: Self {
    var sample = self
    sample.row = nil
    sample.detail = nil
    sample.columns = columns.map { ($0.name, nil, nil) }
    sample.message?.key = nil
    sample.message?.value = nil
    sample.message?.headers = message?.headers.map { ($0.name, nil) } ?? []
    return sample
  }
}

extension RunError {
  /// The same error for readers who must not see values of rows: of guards only what they found,
  /// without keys.
  public var withoutValues: RunError {
    var error = self
    if !guards.isEmpty {
      error.message = guards.map(\.finding).joined(separator: "; ")
      error.guards = guards.map { hit in
        var hit = hit
        hit.examples = []
        return hit
      }
    } else if let valueFree {
      error.message = valueFree
    }
    error.others = others.map(\.withoutValues)
    return error
  }
}
