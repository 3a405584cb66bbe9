import Connections
import Settings
import Sync

extension RunSession {
  /// Runs `syncs` again and again, as `loop` says, until a signal ends it, whose code is returned.
  ///
  /// With `channel` an announcement of a source on it ends a wait.
  func run(
    _ syncs: [SyncSettings],
    jobs: Int,
    unreadable: CommandContext.SelectedSyncs,
    every loop: RunLoop,
    channel: String?
  ) async -> ExitCode {
    let signalled = startSignals { loop.wakeup.set() }
    let manager = serviceManager()
    let pacing = Pacing(loop.clock)
    manager?.ready()
    await withTaskGroup { group in
      group.addTask { await manager?.keepAlive(loop.clock) }
      for listener in listeners(of: syncs, channel) {
        group.addTask { await listen(listener, loop.wakeup) }
      }
      await loop.run(isStopped: { interruption.isRequested }) { number in
        console.log(LogEvent(.debug, name: "pass", message: "pass \(number)"))
        let watch = RunWatch(context, project, options: options, tellsOthers: pacing.isDue())
        _ = await pass(syncs, jobs: jobs, unreadable: number == 1 ? unreadable : nil, watch)
      }
      group.cancelAll()
    }
    manager?.stopping()
    return signalled.code ?? .done
  }

  private func serviceManager() -> ServiceManager? {
    let console = context.console
    return ServiceManager(context.environment) { reason in
      let message = "the service manager cannot be told: \(reason)"
      console.log(LogEvent(.debug, name: "notify-failed", message: message))
    }
  }

  /// One for each source of `syncs` that announces changes.
  func listeners(of syncs: [SyncSettings], _ channel: String?) -> [ChangeListener] {
    guard let channel else { return [] }
    let names = Set(syncs.compactMap { project.models[$0.model.value]?.source }).sorted()
    return names.compactMap { name in
      project.sources[name].flatMap { ChangeListener(name, $0, channel: channel) }
    }
  }

  private func listen(_ listener: ChangeListener, _ wakeup: WakeSignal) async {
    let console = context.console
    await listener.run(heard: wakeup.set) { reason in
      let message = "\(listener.name) is not listened to, and is tried again: \(reason)"
      console.log(LogEvent(.warning, name: "listen-failed", message: message))
    }
  }
}
