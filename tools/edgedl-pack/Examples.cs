namespace EdgeDL.Pack;

/// <summary>What the help shows below the options.</summary>
static class Examples
{
    public static string For(string command) => "\nExamples:\n" + command switch
    {
        "convert" => """
              edgedl-pack convert kws.tflite
              edgedl-pack convert net.tflite -o net.edl --labels labels.txt --preprocess image
              edgedl-pack convert net.tflite --preprocess "image,mean=127.5,scale=0.0078"
              edgedl-pack convert kws.tflite --preprocess kws-mfcc
              edgedl-pack convert net.tflite --input-shape input=1x96x96x1 --verbose
              edgedl-pack convert net.onnx --input-shape images=1x3x352x352
              edgedl-pack convert bert.onnx --dim batch=1 --dim sequence=128
              edgedl-pack convert yunet.onnx --detect yunet --preprocess image,channels=bgr
              edgedl-pack convert mobilenet_v2.tflite --max-arena 256K
              edgedl-pack convert mobilenet_v2.edl --target armv8-dot
            """,
        "inspect" => """
              edgedl-pack inspect kws.edl
              edgedl-pack inspect kws.tflite --json > kws.json
              edgedl-pack inspect kws.edl --html kws.html
            """,
        "verify" => """
              edgedl-pack verify kws.edl --golden golden/kws
              edgedl-pack verify float.edl --golden golden/float --tolerance 1e-5
              edgedl-pack verify kws_int8.edl --against kws_float.edl --runs 20 --steps 2
              edgedl-pack verify net.edl --against net.onnx
              edgedl-pack verify net.edl --against net.onnx --golden golden/net
            """,
        "tune" => """
              edgedl-pack tune net.edl -o net_tuned.edl
              edgedl-pack tune net.edl --threads 4 --runs 100 --verbose
            """,
        "export" => """
              edgedl-pack export kws.edl --onnx kws.onnx
              edgedl-pack export net.tflite
            """,
        "diff" => """
              edgedl-pack diff old.edl new.edl
            """,
        _ => """
              edgedl-pack convert kws.tflite -o kws.edl
              edgedl-pack inspect kws.edl
              edgedl-pack verify kws.edl --golden golden/kws
              edgedl-pack export kws.edl --onnx kws.onnx
              edgedl-pack tune kws.edl
              edgedl-pack COMMAND --help

            Exit codes: 0 ok, 1 a check failed, 2 wrong usage, 4 the model was rejected.
            """,
    };
}
