import Settings
import Text
import Values

/// The manifests that let Kubernetes start a project's runs: a volume for the states, and a CronJob
/// for each schedule.
struct KubernetesManifests {
  let project: ProjectSettings
  /// Absolute path of the project's folder here.
  let directory: String
  /// What names of objects begin with, and the name of the Secret.
  let name: String
  /// The image, with the project in it.
  let image: String
  /// Longest delay after an instant of a schedule; nil for none.
  let jitter: Duration?

  /// Where the image has the project.
  private static let folder = "/project"
  private static let credentialFolder = "/run/credentials/sluice"
  /// The user of the image.
  private static let user = 10001
  /// Codes after which nothing would be different a minute later: wrong rows, a guard, usage, another
  /// run under way, a wrong configuration.
  private static let finalCodes = [2, 3, 64, 75, 78]
  /// Names of CronJobs; the cluster adds eleven characters for each of its jobs.
  private static let nameLengthMax = 52

  /// The manifests of `commands`.
  ///
  /// Throws if Kubernetes has no words for a schedule.
  func files(_ commands: [ScheduledCommand]) throws(CommandFailure) -> [ScheduleFile] {
    var files = [ScheduleFile(name: "\(name)-state.yaml", text: yaml(volumeClaim))]
    for command in commands {
      guard let fields = command.times.kubernetesFields else {
        throw CommandFailure(
          .configuration,
          "the schedule '\(command.schedule)' of \(command.syncs.joined(separator: ", ")) cannot be "
            + "said in Kubernetes: its days are among those of the month and of the week",
          hint: "write a schedule that names days of one kind"
        )
      }
      let title = title(command)
      let text = yaml(cronJob(command, fields, title: title))
      files.append(ScheduleFile(name: "\(title).yaml", text: text))
    }
    return files
  }

  private static func map(_ members: [(String, Value)]) -> Value { .object(Object(members)) }

  private func yaml(_ object: Value) -> String {
    ScheduleFile.mark(directory, environment: project.environment) + "\n"
      + ManifestText.text(object)
  }

  /// The name of a CronJob.
  private func title(_ command: ScheduledCommand) -> String {
    let title = "\(name)-\(command.slug)".replacing("_", with: "-")
    if title.utf8.count <= Self.nameLengthMax { return title }
    let digest = Hexadecimal.text(SHA256.digest(Array(title.utf8)).prefix(4))
    return "\(title.prefix(Self.nameLengthMax - 9))-\(digest)"
  }

  private var volumeClaim: Value {
    Self.map([
      ("apiVersion", .string("v1")), ("kind", .string("PersistentVolumeClaim")),
      ("metadata", Self.map([("name", .string("\(name)-state"))])),
      (
        "spec",
        Self.map([
          ("accessModes", .array([.string("ReadWriteOnce")])),
          (
            "resources",
            Self.map([("requests", Self.map([("storage", .string("10Gi"))]))])
          ),
        ])
      ),
    ])
  }

  private func cronJob(_ command: ScheduledCommand, _ fields: String, title: String) -> Value {
    let zone = project.timezone == "UTC" ? "Etc/UTC" : project.timezone
    return Self.map([
      ("apiVersion", .string("batch/v1")), ("kind", .string("CronJob")),
      ("metadata", Self.map([("name", .string(title))])),
      (
        "spec",
        Self.map([
          ("schedule", .string(fields)), ("timeZone", .string(zone)),
          ("concurrencyPolicy", .string("Forbid")), ("startingDeadlineSeconds", .integer(300)),
          ("successfulJobsHistoryLimit", .integer(1)), ("failedJobsHistoryLimit", .integer(3)),
          ("jobTemplate", Self.map([("spec", job(command))])),
        ])
      ),
    ])
  }

  private func job(_ command: ScheduledCommand) -> Value {
    let codes: Value = Self.map([
      ("containerName", .string("sluice")), ("operator", .string("In")),
      ("values", .array(Self.finalCodes.map(Value.integer))),
    ])
    let disruption: Value = Self.map([
      ("type", .string("DisruptionTarget")), ("status", .string("True")),
    ])
    return Self.map([
      ("backoffLimit", .integer(2)),
      (
        "podFailurePolicy",
        Self.map([
          (
            "rules",
            .array([
              Self.map([("action", .string("FailJob")), ("onExitCodes", codes)]),
              Self.map([
                ("action", .string("Ignore")), ("onPodConditions", .array([disruption])),
              ]),
            ])
          )
        ])
      ),
      ("template", Self.map([("spec", pod(command))])),
    ])
  }

  private func pod(_ command: ScheduledCommand) -> Value {
    Self.map([
      ("restartPolicy", .string("Never")), ("terminationGracePeriodSeconds", .integer(120)),
      ("automountServiceAccountToken", .bool(false)),
      (
        "securityContext",
        Self.map([
          ("runAsNonRoot", .bool(true)), ("runAsUser", .integer(Self.user)),
          ("runAsGroup", .integer(Self.user)), ("fsGroup", .integer(Self.user)),
          ("fsGroupChangePolicy", .string("OnRootMismatch")),
          ("seccompProfile", Self.map([("type", .string("RuntimeDefault"))])),
        ])
      ),
      ("containers", .array([container(command)])), ("volumes", .array(volumes)),
    ])
  }

  private func container(_ command: ScheduledCommand) -> Value {
    let words = command.words(
      in: Self.folder,
      environment: project.environment,
      jitter: command.checksAlerts ? nil : jitter
    )
    var members: [(String, Value)] = [
      ("name", .string("sluice")), ("image", .string(image)),
      ("args", .array(words.map(Value.string))),
      (
        "securityContext",
        Self.map([
          ("allowPrivilegeEscalation", .bool(false)), ("readOnlyRootFilesystem", .bool(true)),
          ("capabilities", Self.map([("drop", .array([.string("ALL")]))])),
        ])
      ),
    ]
    if !variables.isEmpty { members.append(("env", .array(variables))) }
    members.append(("volumeMounts", .array(mounts)))
    return Self.map(members)
  }

  /// The variables that the project refers to, from the Secret.
  private var variables: [Value] {
    let own = project.variables.names.map { variable -> Value in
      let key: Value = Self.map([("name", .string(name)), ("key", .string(variable))])
      return Self.map([
        ("name", .string(variable)), ("valueFrom", Self.map([("secretKeyRef", key)])),
      ])
    }
    if project.variables.credentials.isEmpty { return own }
    return own + [
      Self.map([
        ("name", .string("CREDENTIALS_DIRECTORY")), ("value", .string(Self.credentialFolder)),
      ])
    ]
  }

  // MARK: - Volumes

  /// Where the image has the states.
  private var stateFolder: String {
    let path = project.sharedStateDirectory
    guard path.hasPrefix(project.directory + "/") else { return path }
    return Self.folder + path.dropFirst(project.directory.count)
  }

  private var mounts: [Value] {
    let mount = { (name: String, path: String) -> [(String, Value)] in
      [("name", .string(name)), ("mountPath", .string(path))]
    }
    let own: [Value] = [
      Self.map(mount("state", stateFolder)), Self.map(mount("scratch", "/tmp")),
    ]
    if project.variables.credentials.isEmpty { return own }
    return own + [
      Self.map(mount("credentials", Self.credentialFolder) + [("readOnly", .bool(true))])
    ]
  }

  private var volumes: [Value] {
    let claim: Value = Self.map([("claimName", .string("\(name)-state"))])
    let own: [Value] = [
      Self.map([("name", .string("state")), ("persistentVolumeClaim", claim)]),
      Self.map([("name", .string("scratch")), ("emptyDir", Self.map([]))]),
    ]
    let credentials = project.variables.credentials
    if credentials.isEmpty { return own }
    let items = credentials.map { credential -> Value in
      Self.map([("key", .string(credential)), ("path", .string(credential))])
    }
    let secret: Value = Self.map([("secretName", .string(name)), ("items", .array(items))])
    return own + [Self.map([("name", .string("credentials")), ("secret", secret)])]
  }
}
