#!/usr/bin/env python3
"""Makes an OCI archive of one layer: oci.py LAYER.tar TARGET.tar VERSION ARCHITECTURE.

oci.py --unpack TARGET.tar FOLDER follows its digests and lays the layer out. As the OCI image specification 1.0 has it: blobs by their digest, a manifest, an index.
"""
import datetime
import gzip
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile

MANIFEST = "application/vnd.oci.image.manifest.v1+json"


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def main(layer_path, target, version, architecture):
    epoch = int(os.environ.get("SOURCE_DATE_EPOCH", "1700000000"))
    created = datetime.datetime.fromtimestamp(epoch, datetime.timezone.utc).isoformat()
    packed = io.BytesIO()
    plain = hashlib.sha256()
    with open(layer_path, "rb") as layer, gzip.GzipFile("", "wb", 6, packed, mtime=0) as zipped:
        while chunk := layer.read(1 << 20):
            plain.update(chunk)
            zipped.write(chunk)
    layer = packed.getvalue()
    config = json.dumps({
        "created": created, "architecture": architecture, "os": "linux",
        "config": {
            "User": "10001:10001", "WorkingDir": "/project", "Entrypoint": ["sluice"],
            "Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
            "Labels": {"org.opencontainers.image.version": version,
                       "org.opencontainers.image.title": "sluice"},
        },
        "rootfs": {"type": "layers", "diff_ids": ["sha256:" + plain.hexdigest()]},
        "history": [{"created": created, "created_by": "packaging/image"}],
    }).encode()
    manifest = json.dumps({
        "schemaVersion": 2, "mediaType": MANIFEST,
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json",
                   "digest": digest(config), "size": len(config)},
        "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",
                    "digest": digest(layer), "size": len(layer)}],
    }).encode()
    index = json.dumps({
        "schemaVersion": 2,
        "manifests": [{"mediaType": MANIFEST, "digest": digest(manifest), "size": len(manifest),
                       "annotations": {"org.opencontainers.image.ref.name": version,
                                        "io.containerd.image.name": "docker.io/library/sluice:" + version}}],
    }).encode()
    files = [("oci-layout", b'{"imageLayoutVersion": "1.0.0"}'), ("index.json", index)]
    files += [("blobs/sha256/" + digest(data)[7:], data) for data in (config, manifest, layer)]
    with tarfile.open(target, "w") as archive:
        for name, data in files:
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime, entry.mode = len(data), epoch, 0o644
            archive.addfile(entry, io.BytesIO(data))


def unpack(archive_path, folder):
    with tarfile.open(archive_path) as archive:
        def blob(name):
            data = archive.extractfile("blobs/sha256/" + name[7:]).read()
            if digest(data) != name:
                sys.exit(f"{archive_path}: a blob is not what its name says")
            return data
        index = json.load(archive.extractfile("index.json"))
        manifest = json.loads(blob(index["manifests"][0]["digest"]))
        plain = gzip.decompress(blob(manifest["layers"][0]["digest"]))
        if [digest(plain)] != json.loads(blob(manifest["config"]["digest"]))["rootfs"]["diff_ids"]:
            sys.exit(f"{archive_path}: the layer is not what the configuration says")
    os.mkdir(folder)
    subprocess.run(["tar", "-xpf", "-", "-C", folder], input=plain, check=True)


if __name__ == "__main__":
    if sys.argv[1] == "--unpack":
        unpack(*sys.argv[2:])
    else:
        main(*sys.argv[1:])
